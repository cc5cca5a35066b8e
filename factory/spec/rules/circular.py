"""Requirements that ask for what the spec says anyway, and a `then` that shows nothing."""

from __future__ import annotations

from factory.spec.language.late import late
from factory.spec.language.word_list import word_set

_WORD = late(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_EXACT = frozenset('0123456789`"“')  # A number or a literal tells something, whatever it is.
# Words of a sentence that only refers: `The page works in the way laid down in this document.`
_REFERRING = word_set(
    """
    the a an in of to as it its this that these those what way ways is are be by with for under and
    or all any each every everything one must can will shall should does do did done at on so than
    we according accordance line described laid down set out specified defined written stated
    documented given intended meant planned designed agreed ordered supposed expected required
    requested wanted asked above below here before document documents spec specification
    specifications section sections description chapter text requirement requirements expectation
    expectations rule rules conditions criteria feature function functions functionality product
    system app application page service program software tool process possible use used using users
    user job behaviour behavior purpose task work works working behave behaves operate operates acts
    act runs run fulfil fulfils fulfills fulfilled meet meets met satisfy satisfies satisfied
    apply applies applicable relevant require requires need needs normal usual standard general
    common regular ordinary special case cases treat treats treated treatment handle handles handled
    handling situation situations exception exceptions exceptional edge corner border separately
    individually support supports supported implement implements implemented comply complies conform
    conforms correspond corresponds follow follows realise realises realised cover covers covered
    provide provides gets get promised who inputs outputs properly correctly well
    """
)
_BEHAVING = word_set(
    """
    work works working behave behaves operate operates acts runs fulfil fulfils fulfills fulfilled
    meet meets met satisfies satisfied support supports supported implement implements implemented
    treat treats treated treatment handle handles handled handling
    apply applies complies conforms corresponds follows realises realised does do intended ordered
    promised
    """
)
_MOST_OWN_WORDS = 1  # The subject.
_LONGEST = 120
# What a `then` may be about, and be about nothing,
_ANYTHING = (
    r"(?:it|she|he|they|these|this|all|it all|all this|the whole(?: thing)?|"
    r"everything|things|all of (?:it|this|them)|"
    r"(?:all|the|every|each) (?:\w+ )?(?:scenarios?|cases?|steps?|parts?|flows?|paths?|points?)|"
    r"everyone|everybody|nobody|(?:all|both|the) parties|"
    r"the (?:\w+ )?(?:results?|outcomes?|outputs?|behaviou?rs?|system|app|"
    r"application|features?|page|"
    r"product|software|program|function|spec|specification|requirements?|"
    r"criteri(?:on|a)|rules?|team|"
    r"testers?|board|customers?|users?|members?|product owner|client|reaction|implementation|code))"
)
# and what is then said of it: that it is as it should be.
_AS_IT_SHOULD = (
    r"as (?:\w+ ){0,2}(?:expected|described|specified|desired|required|intended|planned|wanted|"
    r"agreed|defined|should(?: be)?|supposed(?: to)?(?: be)?|ordered|laid down|wished|documented)"
    r"(?: (?:in|by|above|here|under|there)\b.{0,30})?"
)
_JUDGED = (
    rf"(?:is|are|was|looks?|seems?|turns? out|comes? out|remains?|"
    rf"stays?) (?:\w+ly |all |also )?(?:fine|"
    r"ok|okay|right|correct|in order|good|well|perfect|satisfactory|acceptable|plausible|sensible|"
    rf"{_AS_IT_SHOULD}|what (?:it|they) should(?: be)?|(?:met|fulfilled|satisfied|complied with|"
    r"implemented)|(?:happy|content|pleased|satisfied)(?: with .{1,30})?|"
    r"the (?:desired|expected|intended|right|correct|"
    r"required|wanted) (?:ones?|results?|outcomes?)|successful)"
    r"|works?|functions?|(?:works?|functions?|runs?|behaves?|operates?|reacts?|performs?|goes|go) "
    r"(?:fine|well|perfectly|correctly|properly|right|smoothly|flawlessly|accordingly|reliably|"
    rf"{_AS_IT_SHOULD}|without (?:any )?(?:problems?|issues?|errors?|trouble|"
    rf"fault|hitch|difficulty))"
    rf"|(?:does|do) what (?:it|they) (?:should|must|has to|have to|"
    rf"is meant to|are meant to)(?: do)?"
    rf"|(?:meets?|fulfils?|fulfills?|satisfies|satisfy) (?:(?:the|all|every|"
    rf"this|its|our|their)\b.{{0,40}}|expectations|requirements)"
    rf"|happens? {_AS_IT_SHOULD}|is (?:so|the case)|passes the tests?"
    r"|(?:is|are|behaves?|works?|acts?) (?:just |exactly )?(?:as|like) (?:it (?:does|is) )?"
    r"(?:everywhere else|anywhere else|elsewhere|always)"
    r"|(?:is|are|goes|happens|works|looks|behaves) (?:just |exactly )?(?:as|like|what) it "
    r"(?:describes|says|demands|requires|asks|asks for|wants|tells|lays down|states)(?: it)?"
)
# Without one of these the end of a line is none of them.
_SIGNS = word_set(
    """
    fine ok okay right correct order good well perfect satisfactory acceptable plausible sensible
    expected described specified desired required intended planned wanted agreed defined should
    supposed ordered laid wished documented met fulfilled satisfied complied implemented happy
    content pleased successful works work functions function runs run behaves behave operates reacts
    performs goes go meets meet fulfils fulfills satisfies satisfy problem problems issue issues
    complaint complaints trouble bug bugs defect defects fault faults regression regressions
    describes says demands requires asks wants tells states surprises sees error errors difficulty
    difficulties thing outcome pass passes case holds hold so green expectations succeed succeeds
    must
    """
)


_SHOWS_NOTHING = late(
    rf"(?:{_ANYTHING} (?:{_JUDGED})"
    r"|there (?:is|are) (?:no|not any) (?:problems?|issues?|complaints?|trouble|difficult\w+|"
    r"bugs?|defects?|regressions?|surprises)"
    r"|no (?:problems?|issues?|complaints?|errors?|trouble|difficult\w+) (?:occurs?|arises?|"
    r"happens?|appears?|comes? up|exists?)"
    r"|the (?:right|correct|expected|desired|intended) (?:thing|result|outcome|behaviou?r) "
    r"(?:happens?|occurs?|appears?|comes? out|follows?|results?|is (?:there|"
    r"shown|achieved)))\W*"
)


_ALL_GREEN = late(
    r"\b(?:tests|checks|pipeline|build)\b.{0,40}then (?:they|all)"
    r"(?: \w+)? (?:pass|are green|succeed)\W*\Z"
)


# `The regulations of the faculty apply to everything.`
_RULES_APPLY = late(
    r"\b(?:rules|regulations|provisions|statutes|guidelines|terms|laws?|by-?laws|conditions|"
    r"polic(?:y|ies))\b[^.;:,]{0,40}\bappl(?:y|ies)"
    r"(?: (?:to|for|in|here|as|unchanged)\b[^.;:,]{0,30})?"
    r"\W*\Z"
)


# `The draw follows the regulations of our sport.`
_FOLLOWS_THE_RULES = late(
    r"\bfollows? (?:the )?(?:usual |general |common )?(?:rules|regulations|customs|conventions|"
    r"traditions|laws|practices?|standards) of (?:our|the|this|its) \w+\W*\Z"
)
_LONGEST_THEN = 70


def says_nothing_new(text: str) -> bool:
    """Whether a requirement asks for no more than that the product does what the spec says."""
    if len(text) > _LONGEST or not _EXACT.isdisjoint(text):
        return False
    lower = text.lower()
    if " appl" in lower and _RULES_APPLY.search(lower):
        return True
    if " follow" in lower and _FOLLOWS_THE_RULES.search(lower):
        return True
    if _BEHAVING.isdisjoint(lower.rstrip(".").split()):
        return False
    words = set(_WORD.findall(lower))
    return len(words - _REFERRING) <= _MOST_OWN_WORDS


def shows_nothing(line: str) -> bool:
    """Whether the `then` of an Evaluation line is one like `then everything is in order`."""
    begins = line.rfind("then ")
    if begins < 0 or len(line) - begins > _LONGEST_THEN:
        return False
    end = line[begins + 5 :].lower()
    if _SIGNS.isdisjoint(end.rstrip(". ").split()):
        return False
    end, ids = _IDS.subn("it", end)
    return (
        (ids > 0 and end.rstrip(" .") in ("it holds", "it applies", "it is true", "it is kept"))
        or end.rstrip(" .") in ("they hold", "they all hold")
        or _SHOWS_NOTHING.fullmatch(end) is not None
        or (_ALL_GREEN.search(line.lower()) is not None and not _on_each(line, begins))
    )


def _on_each(line: str, end: int) -> bool:
    """Whether it is told on what the tests run: each of these systems, Python 3.11 and 3.12."""
    return _ON_EACH.search(line[:end]) is not None


_ON_EACH = late(r"\b(?:each|every|both)\b|\d\.\d")


_IDS = late(r"\b[rec]\d{1,4}\b")
