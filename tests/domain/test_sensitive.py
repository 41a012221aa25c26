"""What free text is warned about, and what is talk about work."""

import pytest

from api.domain.sensitive import sensitive_hints, sensitive_topics

TOUCHING = [
    ("She was on sick leave twice last year.", "health"),
    ("He told me about his depression.", "health"),
    ("She is pregnant, so timing matters.", "health"),
    ("Er war letztes Jahr lange krankgeschrieben.", "health"),
    ("Trotz ihrer Schwerbehinderung sehr belastbar.", "health"),
    ("At his age he still learns fast.", "age"),
    ("She is 58 years old.", "age"),
    ("He is in his late fifties.", "age"),
    ("Er ist 54 Jahre alt.", "age"),
    ("Maybe she is too young for this.", "age"),
    ("She has two small children.", "family"),
    ("His wife found a job here.", "family"),
    ("Back from parental leave in May.", "family"),
    ("Sie kommt gerade aus der Elternzeit.", "family"),
    ("Er ist verheiratet und hat Kinder.", "family"),
    ("A devout Catholic.", "religion"),
    ("She wears a headscarf.", "religion"),
    ("Sie trägt ein Kopftuch.", "religion"),
    ("Ist sehr katholisch.", "religion"),
    ("I do not share her political views.", "politics"),
    ("He is rather left-wing.", "politics"),
    ("Er ist in der SPD.", "politics"),
    ("She was a union rep at her last job.", "union"),
    ("War dort im Betriebsrat.", "union"),
    ("Is in der Gewerkschaft aktiv.", "union"),
    ("A great culture fit.", "culture_fit"),
    ("I doubt the cultural fit.", "culture_fit"),
    ("Passt gut zu uns.", "culture_fit"),
    ("Passt nicht zu unserer Kultur", "culture_fit"),
]
HARMLESS = [
    "She manages a team of six and engages with customers.",
    "Keeps a healthy codebase and added health checks.",
    "Worked on a family of products for health care.",
    "Disabled the feature flag within minutes; diagnosed the outage.",
    "Wrote the parser for union types in the European Union project.",
    "Spawned a child process; the children of a node are sorted.",
    "Ran the 20 year old monolith; uptime was 99.9%.",
    "The service she runs is 10 times faster, and her SLA is 99.",
    "Acted in good faith, and writes tests religiously.",
    "Not interested in office politics. Politically savvy.",
    "Age of the cache entries is 40 seconds.",
    "Message storage, package usage, page age histogram.",
    "Christian and Kai paired with him.",
    "A good fit for the job: knows PostgreSQL.",
    "Works well under pressure; calm on call.",
    "Hat das Team gut geführt und die Produktfamilie betreut.",
    "Das Alter der Einträge wird geprüft.",
    "Mother board bring-up and parent/child tables.",
    "She is 3 weeks ahead of plan and they are 20 people.",
]


@pytest.mark.parametrize(("text", "topic"), TOUCHING, ids=[text for text, _ in TOUCHING])
def test_what_concerns_the_person_alone_is_noticed(text: str, topic: str) -> None:
    assert sensitive_topics(text) == (topic,)


@pytest.mark.parametrize("text", HARMLESS)
def test_talk_about_work_is_not(text: str) -> None:
    assert sensitive_topics(text) == ()


def test_each_topic_is_named_once_whatever_the_spelling() -> None:
    text = "CULTURE-FIT! culture fit; he’s 60, and his kids… PARENTAL\nLEAVE"
    assert sensitive_topics(text) == ("age", "family", "culture_fit")


def test_hints_come_from_all_texts_together() -> None:
    assert sensitive_hints(None, "He has cancer.", "A culture fit.") == [
        "sensitive_text:health",
        "sensitive_text:culture_fit",
    ]
    assert sensitive_hints(None, "") == []
