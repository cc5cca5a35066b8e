"""Words that answer nothing by themselves, by the question that they stand under."""

from __future__ import annotations

from collections.abc import Mapping

from factory.spec.language.word_list import word_set

HOLLOW = word_set(
    """
    says specification specifies describes deals covers n na well none nil nothing not
    applicable same as usual above below see described always everyone everybody anyone anybody all
    users user people the a an of to in it is default defaults standard normal
    yes no any self explanatory obvious obviously clear title know you we our this spec feature
    document other before discussed agreed per result results output outputs input inputs data form
    system app application service product ticket issue jira wiki page existing current old version
    software tool tools program programs thing things depends context whatever needed need needs who
    that which what for with on by and or interested stakeholders relevant implement implements adds
    add provides provide does do makes improves allows allow supports support involved concerned
    affected here there like today already
    """
)
# Whoever uses any product is one of these: alone they tell nobody apart.
GENERIC_ROLES = word_set(
    """
    player players client clients customer customers staff personnel colleague colleagues worker
    workers company companies business businesses management website site organisation organization
    department departments human humans crew workforce partner partners
    """
)
# Parts that every program has, and what parts do with each other.
_GENERIC_PARTS = word_set(
    """
    front end back frontend backend front-end back-end database databases db server servers client
    clients api apis ui gui interface interfaces layer layers module modules component components
    part parts service services storage store web mobile usual some several few logic business
    presentation application applications program programs infrastructure one two three four
    common typical main different separate
    """
)
_GENERIC_TRAFFIC = _GENERIC_PARTS | word_set(
    """
    talk talks speak speaks communicate communicates interact interacts exchange exchanges call
    calls use uses using connect connects send sends receive receives get gets pass passes read
    reads write writes work works through via over between from into each another other their its
    they well-defined well defined clean stable simple suitable appropriate messages message
    information request requests response responses together where when flow flows come comes go
    goes then way ways offer offers offered follow follows further say about more seam seams
    are have has process processes processed stored stores stores saved shown user
    """
)
_BY_SECTION: Mapping[str, frozenset[str]] = {
    "What": word_set(
        """
        about way ways possible possibility functionality function ability able should must will
        can lets let from be are has have its new want wants
        """
    ),
    "Who": word_set(
        """
        those basically project suspects us ours mostly mainly typically usually wants want use uses
        using whoever kind kinds type types different several many some most audience target group
        groups public general internal external world person persons individual individuals others
        party parties third interest stakeholder way end make made work works working everyone's
        various are can will could access has have possibly perhaps further come comes across
        situation situations arise arises purpose purposes each own matter matters additional
        potential future respective various needs system their usual whom concerns at they them time
        times when
        """
    ),
    "Outputs": word_set(
        """
        asked requested requests request expected wanted wants wanting asks ask asking desired
        response responses reply replies answer answers information content contents corresponding
        processing process processed calculation calculated computation computed execution generated
        produced matching correct right proper required necessary appropriate resulting outcome
        from outcomes call caller called sent get gets got back shown returned returns return
        displays displayed command operation action function format are its their they see sees was
        were value values api each computation callers expect expects gives give given form in
        """
    ),
    "Inputs": word_set(
        """
        required necessary correct right values value fields field entered enters types typed
        parameters parameter arguments information whatever everything are can will request valid
        invalid good bad get gets rejected refused shown error errors message messages
        """
    ),
    "Components": _GENERIC_PARTS,
    "Seams": _GENERIC_TRAFFIC,
    "Data flow": _GENERIC_TRAFFIC,
    "Never": word_set(
        """
        bad things thing happens happen happened wrong go goes going error errors crash crashes bug
        bugs fail fails failure failures break breaks should must may can ever never be lose loss
        problem problems are
        """
    ),
    "Applies to": word_set(
        """
        everything everywhere wherever whole project projects team teams code software it's build
        built makes make sense sensible useful possible where when are apply applies
        """
    ),
}


def hollow_in(section: str) -> frozenset[str]:
    """The words that tell nothing as an answer to this section's question."""
    return _HOLLOW_IN.get(section, HOLLOW)


_HOLLOW_IN = {name: HOLLOW | words for name, words in _BY_SECTION.items()}


def opening_letters(word: str) -> str:
    """What words of one family begin with, near enough: `reservation` and `reserve`."""
    return word[:4]
