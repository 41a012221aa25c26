"""Who is in the story and what happens, by day. Day 1 is some two months before the demo is made."""

from collections.abc import Sequence

from api.demo.lines import (
    Acknowledged,
    Answers,
    Applies,
    Because,
    Confirms,
    GivesReference,
    IsAsked,
    Leaves,
    Line,
    Moves,
    Refers,
    Says,
    SpeaksUp,
)

LAST_DAY = 60

PEOPLE = {
    "hanna": "Hanna Brandt",
    "pam": "Pam Osei",
    "rita": "Rita Vogel",
    "jonas": "Jonas Keller",
    "ada": "Ada Okafor",
    "bo": "Bo Lindqvist",
    "cleo": "Cleo Marchetti",
    "dev": "Dev Raman",
    "edda": "Edda Sturm",
    "finn": "Finn Carey",
    "gus": "Gus Petrov",
}

JOBS = {
    "backend": ("Backend engineer", ("incident reviews", "mentoring", "data migrations")),
    "product": ("Product manager", ("user research", "pricing", "writing")),
    "designer": ("Product designer", ("design systems", "prototyping")),
    "support": ("Support lead", ("de-escalation", "tooling", "hiring")),
}

MEMBERS = {
    "backend": (("hanna", "decides", True), ("pam", "influences", False), ("rita", "administers", False)),
    "product": (("jonas", "decides", True), ("hanna", "influences", False), ("rita", "administers", False)),
    "designer": (("jonas", "decides", True), ("rita", "administers", False)),
    "support": (("pam", "decides", True), ("rita", "administers", False)),
}

LINK = "https://chat.example.com/archives/"
REVIEWS = Because("incident reviews", "Led the review of our longest outage and found what nobody had looked at.")
MENTORING = Because("mentoring", "Two of the people she mentored lead teams today.", "heard_from")
MIGRATIONS = Because("data migrations", "Moved our billing tables without a minute of downtime.")
RESEARCH = Because("user research", "Ran the interviews that made us drop a feature nobody wanted.")
PRICING = Because("pricing", "Built the pricing page that support tickets stopped about.")
WRITING = Because("writing", "Wrote the release notes customers quote.", "heard_from")
SYSTEMS = Because("design systems", "Her components are still what we build with.")
PROTOTYPES = Because("prototyping", "Had something to click on by the second day, every time.")
CALM = Because("de-escalation", "Customers asked for him by name after their worst days.")
TOOLS = Because("tooling", "Wrote the triage tool the team still uses.")
FROM_CV = Because("mentoring", "The CV lists two mentees.", "cv_only")

Scene = tuple[int, str, Line]


def _portal(start: int, key: str, name: str, job: str, by: str | None = None, to: str | None = None) -> list[Scene]:
    """Somebody who applied, perhaps with a name attached by the portal's form; after a week they may get on."""
    scenes: list[Scene] = [(start, key, Applies(name, job, origin="referred" if by else "cold"))]
    if by:
        scenes.append((start, key, Refers(by)))
    if to:
        scenes.append((start + 7, key, Moves("move", stage=to)))
    return scenes


CROWD: Sequence[Scene] = [
    *_portal(5, "aaro", "Aaro Virtanen", "backend"),
    *_portal(9, "bea", "Bea Montoya", "backend", to="screening"),
    *_portal(14, "chen", "Chen Wu", "product"),
    *_portal(21, "dario", "Dario Conti", "designer", to="interviewing"),
    *_portal(26, "ewa", "Ewa Nowak", "support"),
    *_portal(33, "farid", "Farid Haddad", "backend", to="screening"),
    *_portal(41, "greta", "Greta Holm", "support"),
    *_portal(48, "hugo", "Hugo Alves", "product"),
    *_portal(11, "ines", "Ines Pereira", "backend", "bo"),
    *_portal(19, "jamal", "Jamal Carter", "product", "dev", to="screening"),
    *_portal(28, "kaisa", "Kaisa Leino", "designer", "finn"),
    *_portal(37, "leo", "Leo Fischer", "support", "gus", to="interviewing"),
    *_portal(45, "mina", "Mina Park", "backend", "edda"),
]

REFERRED_WITH_CONTEXT: Sequence[Scene] = [
    (16, "nadia", Applies("Nadia Rahman", "backend", origin="referred")),
    (16, "nadia", Refers("bo", "same_team", (MIGRATIONS,))),
    (18, "nadia", Acknowledged("bo")),
    (25, "nadia", Moves("move", stage="screening")),
    (30, "oskar", Applies("Oskar Lund", "product", origin="referred")),
    (30, "oskar", Refers("dev", "managed", (RESEARCH,))),
    (31, "oskar", Refers("finn", "social")),
    (42, "priya", Applies("Priya Menon", "designer", origin="referred")),
    (42, "priya", Refers("cleo", "worked_together", (SYSTEMS,), from_form=False)),
]

RECOMMENDED: Sequence[Scene] = [
    (20, "quinn", Applies("Quinn Murphy", "support")),
    (24, "quinn", SpeaksUp("gus", ("pam",), (CALM,))),
    (27, "quinn", Moves("move", stage="interviewing")),
    (34, "rosa", Applies("Rosa Jimenez", "backend", origin="referred")),
    (34, "rosa", Refers("edda", "same_team", (REVIEWS,))),
    (38, "rosa", SpeaksUp("edda", ("pam",), (REVIEWS,), link=f"{LINK}rosa")),
    (41, "rosa", Moves("move", stage="screening")),
    (44, "sven", Applies("Sven Dahl", "product")),
    (46, "sven", SpeaksUp("dev", ("rita",), (RESEARCH,), ask="interview")),
    (47, "sven", SpeaksUp("dev", ("hanna",), (RESEARCH,), ask="consider", told_by="rita")),
    (49, "tara", Applies("Tara Singh", "backend")),
    (52, "tara", SpeaksUp("bo", ("hanna",), (FROM_CV, MIGRATIONS))),
]

STARTED: Sequence[Scene] = [
    (53, "uma", Applies("Uma Krishnan", "designer")),
    (57, "uma", SpeaksUp("cleo", ("jonas",), (SYSTEMS, PROTOTYPES), ask="interview", link=f"{LINK}uma")),
    (54, "vera", Applies("Vera Sokolova", "support")),
    (58, "vera", SpeaksUp("finn", ("hiring_manager",), (CALM, TOOLS), ask="interview")),
]

CHAMPIONED: Sequence[Scene] = [
    (40, "will", Applies("Will Adeyemi", "backend", origin="introduced")),
    (50, "will", SpeaksUp("ada", ("hanna",), (REVIEWS, MENTORING), ask="interview", link=f"{LINK}will-1")),
    (55, "will", SpeaksUp("ada", ("hanna",), (MIGRATIONS,), link=f"{LINK}will-2")),
    (56, "will", Confirms("ada", "hanna")),
    (57, "will", Moves("move", stage="screening")),
    (43, "xenia", Applies("Xenia Papadaki", "product")),
    (43, "xenia", IsAsked("cleo", "rita")),
    (45, "xenia", Says("cleo", "agree")),
    (51, "xenia", SpeaksUp("cleo", ("jonas",), (RESEARCH, WRITING), ask="interview", link=f"{LINK}xenia")),
    (53, "xenia", Answers("cleo", "granted", "jonas")),
    (54, "xenia", Moves("move", stage="interviewing")),
    (58, "xenia", SpeaksUp("cleo", ("jonas",), kind="updated_candidate")),
    (46, "yara", Applies("Yara Haddad", "support", origin="referred")),
    (46, "yara", Refers("gus", "managed", (CALM,))),
    (52, "yara", SpeaksUp("gus", ("pam",), (CALM, TOOLS), ask="interview")),
    (56, "yara", SpeaksUp("gus", ("pam",), (TOOLS,), ask="speed_up")),
]

AWAITING: Sequence[Scene] = [
    (36, "zoe", Applies("Zoe Laurent", "designer")),
    (40, "zoe", SpeaksUp("cleo", ("jonas",), (SYSTEMS, PROTOTYPES), ask="interview", link=f"{LINK}zoe")),
    (44, "zoe", SpeaksUp("cleo", ("jonas",), chases=True)),
    (48, "zoe", SpeaksUp("cleo", ("jonas",), chases=True)),
    (55, "chen", Moves("close", outcome="filled_by_other")),
]

LAPSED_AND_LOST: Sequence[Scene] = [
    (18, "anton", Applies("Anton Weiss", "backend")),
    (22, "anton", SpeaksUp("edda", ("hanna",), (REVIEWS, MENTORING), ask="interview")),
    (27, "anton", SpeaksUp("edda", ("hanna",), (MIGRATIONS,))),
    (32, "birte", Applies("Birte Hansen", "product")),
    (36, "birte", SpeaksUp("finn", ("jonas",), (RESEARCH, PRICING), ask="interview")),
    (39, "birte", SpeaksUp("finn", ("jonas",), (WRITING,))),
    (40, "birte", Moves("move", stage="screening")),
    (47, "carlos", Applies("Carlos Vega", "backend")),
    (49, "carlos", SpeaksUp("dev", ("hanna",), (REVIEWS, MIGRATIONS), ask="interview")),
    (53, "carlos", SpeaksUp("dev", ("hanna",), (MENTORING,))),
    (57, "", Leaves("dev")),
]

ENDED: Sequence[Scene] = [
    (4, "dana", Applies("Dana Levi", "backend", origin="introduced")),
    (6, "dana", SpeaksUp("ada", ("hanna",), (REVIEWS, MENTORING), ask="interview", link=f"{LINK}dana-1")),
    (9, "dana", SpeaksUp("ada", ("pam",), (MIGRATIONS,), link=f"{LINK}dana-2")),
    (10, "dana", Answers("ada", "granted", "hanna")),
    (11, "dana", Moves("move", stage="interviewing")),
    (15, "dana", GivesReference("bo")),
    (17, "dana", Moves("move", stage="offer")),
    (20, "dana", Moves("close", outcome="hired")),
    (8, "emil", Applies("Emil Sand", "product", origin="referred")),
    (8, "emil", Refers("finn", "same_organisation")),
    (23, "emil", Moves("close", outcome="rejected")),
    (12, "fay", Applies("Fay Donnelly", "support")),
    (15, "fay", SpeaksUp("gus", ("pam",), (TOOLS,))),
    (29, "fay", Moves("close", outcome="withdrawn")),
    (25, "goran", Applies("Goran Ilic", "designer")),
    (35, "goran", Moves("hold")),
]

SCENES: Sequence[Scene] = sorted(
    [
        *CROWD,
        *REFERRED_WITH_CONTEXT,
        *RECOMMENDED,
        *STARTED,
        *CHAMPIONED,
        *AWAITING,
        *LAPSED_AND_LOST,
        *ENDED,
    ],
    key=lambda scene: scene[0],
)
