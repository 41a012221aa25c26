"""Models of what events tell, made of the models that answers have: some members fewer, some more, or only some."""

from collections.abc import Collection, Iterable
from copy import copy
from typing import Annotated, Any, Union

from pydantic import MISSING, ConfigDict, Field, create_model
from pydantic.fields import FieldInfo

from api.platform.ids import PersonId
from api.platform.schemas import ResponseModel


class Told(ResponseModel):
    """What an event tells as `data`: every member is always present. Built when it is first asked for."""

    model_config = ConfigDict(defer_build=True)


class Partly(ResponseModel):
    """What an event tells where not every member is always present; those that are have no default."""

    model_config = ConfigDict(json_schema_serialization_defaults_required=False, defer_build=True)


class ToldPerson(Told):
    """A person, by id and not by name."""

    id: PersonId = Field(description="The person.")


def told(
    name: str, model: type[ResponseModel], says: str, *, without: Collection[str] = (), **more: Any
) -> type[ResponseModel]:
    """A model with the members of another but those left out; `more` are members as `create_model` takes them."""
    _check(model, without)
    kept = {each: _as_it_is(field) for each, field in model.model_fields.items() if each not in without}
    made: type[ResponseModel] = create_model(name, __base__=Told, __doc__=says, **{**kept, **more})
    return made


def partly(
    name: str, model: type[ResponseModel], says: str, *, always: Collection[str] = (), only: Collection[str] = ()
) -> type[ResponseModel]:
    """A model with the members of another, or `only` some of them; none but those named need be there `always`."""
    _check(model, (*always, *only))
    members: dict[str, Any] = {
        each: _required(field) if each in always else _optional(field)
        for each, field in model.model_fields.items()
        if not only or each in only
    }
    made: type[ResponseModel] = create_model(name, __base__=Partly, __doc__=says, **members)
    return made


def former(name: str, model: type[ResponseModel], *only: str) -> type[ResponseModel]:
    """The model of former values: of these members of a model, those that changed."""
    return partly(name, model, "Former values of the members that changed.", only=only)


def _check(model: type[ResponseModel], names: Iterable[str]) -> None:
    assert set(names) <= model.model_fields.keys(), f"{model.__name__} has not all of {', '.join(names)}"


def _as_it_is(field: FieldInfo) -> tuple[Any, FieldInfo]:
    return field.annotation, copy(field)


def _required(field: FieldInfo) -> tuple[Any, Any]:
    described = Field(description=field.description, examples=field.examples, json_schema_extra=field.json_schema_extra)
    return _type_of(field), described


def _optional(field: FieldInfo) -> tuple[Any, Any]:
    described = Field(
        default=MISSING,
        description=field.description,
        examples=field.examples,
        json_schema_extra=field.json_schema_extra,
    )
    return Union[_type_of(field), MISSING], described  # noqa: UP007  # a sentinel and a type made at run time


def _type_of(field: FieldInfo) -> Any:
    return Annotated[(field.annotation, *field.metadata)] if field.metadata else field.annotation
