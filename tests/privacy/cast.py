"""People with names and addresses that stand nowhere else, each in another script or spelling."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Odd:
    """A name, in the parts in which a vendor has it, and an address. `surname` stands nowhere else either."""

    first: str
    surname: str
    email: str

    @property
    def name(self) -> str:
        """The whole name."""
        return f"{self.first} {self.surname}"


CAST = {
    "candidate": Odd("Zaphira", "Quixnøbel", "Z.Quixnobel@Oddmail.example"),
    "advocate": Odd("Wulfrik", "Bränkhammer-Oyo", "wulfrik.brankhammer@oddmail.example"),
    "referrer": Odd("Ptolemaia", "Žvižgavec", "ptolemaia@zvizgavec.example"),
    "listener": Odd("Ĝustav", "Xanthopoulakis", "gxantho@oddmail.example"),
    "recorder": Odd("Ignatzia", "Mbongwenyama", "imbongwenyama@oddmail.example"),
    "giver": Odd("Тимофей", "Крыжопольский", "tkryzh@oddmail.example"),
}

MENTION = "; ".join(f"{each.name} <{each.email}>, {each.name.upper()}" for each in CAST.values())
"""A text that names everybody, as free text anywhere may."""

SHORT = "; ".join(each.name for each in CAST.values())
LINK = "https://links.example/in/" + "/".join(each.name.replace(" ", "-") for each in CAST.values())
