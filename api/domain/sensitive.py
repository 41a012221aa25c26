"""What free text should not touch: matters of a person's life that have no place in judging their work.

English and German, whole words and phrases. A word that usually means something else in talk about work (`family` of
products, `disabled` flags, `union` types) is listed only inside a phrase that speaks of a person. Pure.
"""

import re
import unicodedata
from collections.abc import Mapping

_PERSON = "(?:he|she|they|candidate|kandidat|kandidatin|er|sie)"
_IS = "(?: is| was| are| were|'s|'re| ist| war)"
_THEIR = "(?:his|her|their|seine|seiner|seinem|ihre|ihrer|ihrem|ihr|sein)"

_PHRASES: Mapping[str, tuple[str, ...]] = {
    "health": (
        r"pregnan(?:t|cy)|schwanger(?:schaft)?",
        r"disabilit(?:y|ies)|(?:schwer)?behinderung|(?:schwer)?behinderte?r?|wheelchair|rollstuhl",
        r"illness(?:es)?|chronically ill|chronic (?:pain|disease|condition)|cancer|epilepsy|diabetes",
        r"autis(?:m|tic)|adhd",
        r"sick (?:leave|note|days?|list)|(?:off|often|always|called in|calls in) sick",
        r"burn ?out|depress(?:ion|ive)|anxiety disorder|bipolar|mental (?:health|illness)|psychotherap(?:y|ie)",
        r"in therapy",
        rf"{_THEIR} (?:health|illness|disability|surgery|therapy|medication|gesundheit|krankheit)",
        r"health (?:problems?|issues? of h(?:is|er)|conditions?|reasons)",
        r"medical (?:leave|condition|history|reasons)",
        r"(?:was|been|is) diagnosed with",
        r"krank|krankheit|krankgeschrieben|krankschreibung|gesundheitlich\w*|gesundheitszustand",
        r"angstst(?:ö|oe)rung",
    ),
    "age": (
        rf"{_THEIR} age|at {_THEIR} age|age group|old age|despite (?:his|her|their) age|due to age",
        rf"{_PERSON}{_IS}(?: now| already| only| schon| erst)? [1-7]\d(?: years? old| jahre(?: alt)?)?(?! ?(?:%|\w))",
        rf"{_PERSON}{_IS}(?: quite| very| rather| getting| zu| sehr)?(?: too)? (?:old|young|elderly|alt|jung)",
        r"aged [1-7]\d",
        r"[1-7]\d years? old (?:man|woman|candidate|engineer|developer|manager|colleague|applicant)",
        r"in (?:his|her|their)(?: early| mid| late)? (?:[2-6]0s|twenties|thirties|forties|fifties|sixties)",
        r"young (?:man|woman|lady|guy|mother|father)|older (?:man|woman|candidate|worker|workers)",
        r"digital native",
        r"(?:close|near|nearing|close to|before|of) retirement(?: age)?|about to retire",
        r"(?:sein|ihr|seinem|ihrem) alter|im alter von|jahre alt|kurz vor der rente|rentenalter|altersgruppe",
    ),
    "family": (
        rf"{_THEIR} (?:family|wife|husband|spouse|kids?|children|child|son|sons|daughters?|pregnancy|partner's job)",
        r"(?:has|have|with|wants?|expecting) (?:(?:a|two|three|small|young) )*(?:kids|children|baby|toddlers?)",
        r"(?:start|started|starting|raise|raising|planning) a family",
        r"family (?:man|planning|reasons|commitments|situation)",
        r"married|divorced|widowed|newlywed|single (?:mother|father|mom|mum|dad|parent)|childcare|child care",
        r"(?:maternity|paternity|parental) leave|working mother|mother of|father of (?:one|two|three|four)",
        r"verheiratet|geschieden|verwitwet|alleinerziehend\w*|elternzeit|mutterschutz|familienplanung",
        r"kinderbetreuung",
        r"(?:seine|ihre|meine) (?:familie|frau|kinder|tochter|t(?:ö|oe)chter)|ihr mann|ehefrau|ehemann",
        r"famili(?:ä|ae)r\w*",
        r"(?:hat|mit|zwei|drei|vier|kleine|kleinen|will) kindern?",
    ),
    "religion": (
        r"religion|religious (?:beliefs?|views?|person|community|holidays?|reasons|background)",
        r"(?:is|very|deeply) religious",
        r"muslima?|muslims|islam|islamic|jewish|judaism|catholics?|protestants?|hindus?|hinduism|buddhists?",
        r"sikhs?|atheists?",
        r"mormons?|jehovah's witness(?:es)?|evangelical|devout|practi[cs]ing christian|christianity",
        r"a christian",
        r"mosque|synagogue|goes to church|churchgoer|hijab|headscarf|kippah|ramadan|sabbath|(?:prays|praying)",
        r"religi(?:ö|oe)s\w*|konfession|katholi(?:sch\w*|kin|ken?)|evangelisch\w*|muslim(?:in|isch\w*)",
        r"j(?:ü|ue)disch\w*",
        r"gl(?:ä|ae)ubig\w*|kopftuch|moschee|synagoge|zeugen jehovas|geht in die kirche",
    ),
    "politics": (
        r"political (?:views?|beliefs?|opinions?|party|affiliation|activis[mt]|activists?|leanings?|stance)",
        r"(?:his|her|their) politics|politically (?:active|left|right|conservative|liberal)",
        r"(?:left|right) wing(?:er|ers)?|far (?:left|right)|republicans?|democrats?|communists?|socialists?",
        r"marxists?|tory|tories",
        r"(?:labour|conservative|green|republican|democratic) party",
        r"votes? for (?:the )?(?:trump|labour|greens?|tories)",
        r"party member(?:ship)?|political campaign(?:er)?",
        r"politische[nrs]? (?:meinung\w*|ansicht\w*|einstellung\w*|haltung|partei\w*)",
        r"politisch (?:aktiv|links|rechts|engagiert)",
        r"parteimitglied(?:schaft)?|parteibuch|afd|cdu|csu|spd|fdp|die gr(?:ü|ue)nen|linksradikal\w*",
        r"rechtsextrem\w*",
    ),
    "union": (
        r"(?:trade|labou?r) unions?",
        r"union (?:members?|membership|reps?|representatives?|organi[sz]ers?|organi[sz]ing|steward)",
        r"unioni[sz](?:e|es|ed|ing|ation)|works council(?:s|lor|lors)?|shop steward",
        r"(?:joined|joining|founded) (?:a|the) union",
        r"gewerkschaft(?:en|lich\w*|er|erin|erinnen|ler|lerin)?|gewerkschaftsmitglied(?:schaft)?",
        r"betriebsr(?:at|ats|atsmitglied|ats?vorsitzender?|(?:ä|ae)te|(?:ä|ae)tin)|ver\.di|ig metall",
    ),
    "culture_fit": (
        r"cultur(?:e|al) (?:fit|match)|cultural(?:ly)? fit|culture fits",
        r"fits? (?:our|the|with our|into our|in our) culture",
        r"(?:a|good|great|bad|right|perfect) fit (?:for|with) (?:our|the) (?:company |team )?culture|beer test",
        r"one of us",
        r"culturally|(?:have|grab) a beer with",
        r"kulturfit|kultureller? fit",
        r"passt (?:gut |nicht |nicht so gut |prima )?(?:zu unserer|in unsere|zur|in die) kultur",
        r"passt (?:menschlich|kulturell|gut zu uns|nicht zu uns)|stallgeruch",
    ),
}
_TOPICS = {
    topic: re.compile(rf"(?<!\w)(?:{'|'.join(phrases)})(?!\w)", re.IGNORECASE) for topic, phrases in _PHRASES.items()
}


def sensitive_topics(text: str) -> tuple[str, ...]:
    """The topics that a text touches, each once: health, age, family, religion, politics, union, culture_fit.

    A hint to whoever wrote it, never a judgement: words alone cannot tell what a text means.
    """
    plain = unicodedata.normalize("NFKC", text).replace("’", "'")
    compared = " ".join(re.sub(r"[-‐‑–\s_]+", " ", plain).split())
    return tuple(topic for topic, pattern in _TOPICS.items() if pattern.search(compared))


def sensitive_hints(*texts: str | None) -> list[str]:
    """The topics of some texts together, as hints: `sensitive_text:health`."""
    topics = sensitive_topics("\n".join(text for text in texts if text))
    return [f"sensitive_text:{topic}" for topic in topics]
