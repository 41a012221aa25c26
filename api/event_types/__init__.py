"""The catalogue of event types: what each says, as a schema for ever, and a whole example of it."""
