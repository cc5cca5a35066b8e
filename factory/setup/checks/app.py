"""The App: installed where it is needed, with enough permissions and no more."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from factory.forge.settings import Absence, Unread
from factory.setup import links
from factory.setup.facts import AppFacts, Facts
from factory.setup.finding import Finding, State, not_known

# What the App of hold and ship, and the App of the verdict, need on a product.
_USES = {"contents": "hold and ship", "checks": "the verdict"}
_HARMLESS = {"metadata": "read", "statuses": "write", "workflows": "read"}
_LEVELS = {"": 0, "read": 1, "write": 2, "admin": 3}


def check(facts: Facts) -> Iterator[Finding]:
    """The App at hand, if there is one, and its installation on each repository."""
    if facts.app is not None:
        yield _app(facts, facts.app)
    if facts.app is not None and not isinstance(facts.app.told, Unread):
        for product in dict.fromkeys(one.repository for one in facts.places.products):
            yield from _installed(facts, facts.app, product)
        yield _kept_out(facts, facts.app)


def _app(facts: Facts, app: AppFacts) -> Finding:
    where = f"{facts.places.server}/settings/apps"
    place = facts.places.specs
    if isinstance(app.told, Unread):
        return Finding(
            check="app",
            place=place,
            state="wrong",
            found=app.told.told,
            where=where,
            mend="check FACTORY_APP_ID, FACTORY_APP_PRIVATE_KEY and this machine's clock",
        )
    return Finding(
        check="app",
        place=place,
        state="ok",
        found=f"the App {app.app_id} ({app.told['slug']}) is known by its key",
        where=str(app.told.get("html_url") or where),
    )


def _installed(facts: Facts, app: AppFacts, product: str) -> Iterator[Finding]:
    found = app.installed[product]
    where = links.of_organisation(facts.places, product, "installations")
    if isinstance(found, Unread):
        yield not_known("app-installed", product, found, where=where)
        return
    if isinstance(found, Absence):
        yield Finding(
            check="app-installed",
            place=product,
            state="wrong",
            found=f"the App {app.app_id} is not installed on it",
            where=where,
            mend=f"install the App, and choose {product} among its repositories",
        )
        return
    where = str(found.get("html_url") or where)
    if found.get("suspended_at"):
        yield Finding(
            check="app-installed",
            place=product,
            state="wrong",
            found=f"the installation of the App {app.app_id} is suspended",
            where=where,
            mend="unsuspend it on that page",
        )
        return
    yield Finding(check="app-installed", place=product, state="ok", found="installed", where=where)
    yield _enough(app, product, found["permissions"], where)
    if more := _more(found["permissions"]):
        yield Finding(
            check="app-least",
            place=product,
            state="wrong",
            found=f"the App may do more than any job needs: {more}",
            needed=False,
            where=where,
            mend="take these permissions from the App, and accept that on the installation's page",
        )


def _enough(app: AppFacts, product: str, held: Mapping[str, str], where: str) -> Finding:
    have = [name for name in _USES if _LEVELS.get(held.get(name, ""), 0) >= _LEVELS["write"]]
    lack = [name for name in _USES if name not in have]
    state: State
    if not have:
        state, found = "wrong", "it has neither `contents: write` nor `checks: write`"
    elif lack:
        state = "ok"
        found = (
            f"`{have[0]}: write`, for {_USES[have[0]]}; `{lack[0]}: write`, for {_USES[lack[0]]}, "
            "must come from another App"
        )
    else:
        state, found = "ok", "`contents: write` and `checks: write`"
    return Finding(
        check="app-permissions",
        place=product,
        state=state,
        found=f"the App {app.app_id}: {found}",
        where=where,
        mend="give the App `contents: write` and `checks: write`, and accept that on the "
        "installation's page",
    )


def _more(held: Mapping[str, str]) -> str:
    known = {**dict.fromkeys(_USES, "write"), **_HARMLESS}
    extra = [
        f"{name}: {level}"
        for name, level in sorted(held.items())
        if _LEVELS.get(level, 3) > _LEVELS[known.get(name, "")]
    ]
    return ", ".join(extra)


def _kept_out(facts: Facts, app: AppFacts) -> Finding:
    name, about = facts.places.scenarios, f"the App {app.app_id}"
    found = app.installed[name]
    where = links.of_organisation(facts.places, name, "installations")
    if isinstance(found, Unread):
        return not_known("scenarios-out-of-reach", name, found, where=where, about=about)
    reads = not isinstance(found, Absence) and bool(found["permissions"].get("contents"))
    return Finding(
        check="scenarios-out-of-reach",
        place=name,
        state="wrong" if reads else "ok",
        found=f"the App {app.app_id} can{'' if reads else 'not'} read it",
        where=where,
        about=about,
        mend=f"choose repositories one by one on the installation's page, and leave out {name}",
    )
