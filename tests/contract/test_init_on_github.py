"""`factory init --github` against the double: made once, found again, never taken from another."""

from __future__ import annotations

import json
import os
import subprocess
from dataclasses import replace

import pytest
from click.testing import CliRunner

from factory.cli import main
from factory.errors import AuthenticationError, ConfigurationError, FactoryError
from factory.forge.calls import Patience
from factory.forge.protocol import CheckOutput
from factory.forge.sealing import public_half
from factory.forge.settings import Settings
from factory.ports.git import tree
from factory.setup.begin.run import run
from factory.setup.begin.wanted import Wanted, holding_rulesets
from factory.setup.checks import findings
from factory.setup.facts import Places, Product
from factory.setup.names import ENVIRONMENTS
from factory.setup.read import read
from tests.contract.github_bench import APP_TOKEN, FINE, JOB, PAT

WANTED = Wanted(
    owner="acme", specs="acme/specs", scenarios="acme/scenarios", repository="acme/wordcount",
    product="wordcount", code_owner="@ann", app_id=7,
)  # fmt: skip
HOST_KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl"
READING = ("GET", "HEAD")


@pytest.fixture
def github(double, app_key, only_loopback):
    """The double with nothing in it but who may ask."""
    app = {"slug": "acme-factory", "public_key": app_key[1], "installations": []}
    tokens = {PAT: {"kind": "pat", "login": "ann", "repositories": None}}
    meta = {"ssh_keys": [HOST_KEY]}
    double.control("reset", {"tokens": tokens, "apps": {"7": app}, "meta": meta})
    return double


def settings(github, token=PAT, **more):
    env = {"GITHUB_API_URL": github.url, "GITHUB_SERVER_URL": github.url, "GITHUB_TOKEN": token}
    return Settings({**env, **more}, Patience(tries=2, sleep=lambda seconds: None))


def begin(github, wanted=WANTED, *, dry_run=False, token=PAT):
    """What became of each step."""
    done = run(settings(github, token), wanted, dry_run=dry_run, told=lambda one: None)
    return [(one.step.kind, one.outcome) for one in done]


def sent(github):
    """Every request that could change something, git's own among them."""
    return [
        (one["method"], one["path"])
        for one in github.state["requests"]
        if one["method"] not in READING and not one["path"].endswith("git-upload-pack")
    ]


def not_well(github):
    """What the doctor says of it."""
    product = Product(name="wordcount", repository="acme/wordcount", base_branch="main")
    places = Places(server=github.url, specs="acme/specs", scenarios="acme/scenarios",
                    products=(product,), keys=("ANTHROPIC_API_KEY",))  # fmt: skip
    secrets = github.state["environments"]["acme/specs"]["factory-evaluate"]["secrets"]
    facts = read(settings(github), places, {"GITHUB_TOKEN": PAT, **secrets})
    return {one.to_row()["name"]: one.found for one in findings(facts) if one.state != "ok"}


LEFT_TO_A_PERSON = {
    "secrets acme/specs factory-build": "missing: ANTHROPIC_API_KEY; FACTORY_READ_TOKEN",
    "secrets acme/specs factory-evaluate": "missing: FACTORY_READ_TOKEN",
    "secrets acme/specs factory-push": "missing: FACTORY_APP_PRIVATE_KEY or FACTORY_PUSH_TOKEN",
    "secrets acme/specs factory-verdict":
        "missing: FACTORY_APP_PRIVATE_KEY or FACTORY_STATUS_TOKEN",
}  # fmt: skip


def test_all_is_made_once_and_a_second_run_sends_nothing(github):
    first = begin(github)
    assert {outcome for _, outcome in first} == {"made"}, first
    state = github.state
    assert {name: one["private"] for name, one in state["repositories"].items()} == {
        "acme/specs": True, "acme/scenarios": True, "acme/wordcount": True,
    }  # fmt: skip
    environments = state["environments"]["acme/specs"]
    assert set(environments) == set(ENVIRONMENTS)
    assert all(one["branches"] == ["main"] for one in environments.values())
    [key] = state["deploy_keys"]
    private = environments["factory-evaluate"]["secrets"]["FACTORY_SCENARIOS_KEY"]
    assert (key["repository"], key["read_only"]) == ("acme/scenarios", True)
    assert public_half(private) == key["key"]
    hosts = environments["factory-evaluate"]["secrets"]["FACTORY_SCENARIOS_KNOWN_HOSTS"]
    assert hosts == f"127.0.0.1 {HOST_KEY}\n", "a server of one's own says its host keys itself"
    assert state["variables"]["acme/specs"] == {"FACTORY_APP_ID": "7"}
    assert [one["name"] for one in state["labels"]["acme/specs"]] == ["factory-config"]
    required = {
        one["repository"]: one["rules"][-1]["parameters"]["required_status_checks"]
        for one in state["rulesets"]
        if one["rules"][-1]["type"] == "required_status_checks"
    }
    assert required == {
        "acme/specs": [{"context": "factory / gate", "integration_id": 15368}],
        "acme/wordcount": [{"context": "factory / verdict", "integration_id": 7}],
    }
    of_specs = {one["name"]: one for one in state["rulesets"] if one["repository"] == "acme/specs"}
    owners, kept = of_specs["Factory: code owners agree"], of_specs["Factory: the ledger"]
    assert owners["rules"][0]["parameters"]["require_code_owner_review"] is True
    assert [one["type"] for one in kept["rules"]] == ["deletion", "non_fast_forward"]
    assert kept["conditions"]["ref_name"]["include"] == ["refs/heads/factory/ledger"]
    assert not_well(github) == LEFT_TO_A_PERSON
    before = sent(github)
    second = begin(github)
    assert {outcome for _, outcome in second} == {"there"}, second
    assert sent(github) == before
    assert github.state["deploy_keys"] == state["deploy_keys"]


def test_the_first_commits_are_the_skeletons_that_fit_together(github, tmp_path):
    begin(github)
    for name in ("specs", "scenarios", "wordcount"):
        bare = github.root / "acme" / f"{name}.git"
        words = ["git", "-c", "safe.directory=*", "clone", "-q", str(bare), str(tmp_path / name)]
        subprocess.run(words, check=True)
    text = (tmp_path / "specs" / "factory.yml").read_text("utf-8")
    assert "repository: acme/wordcount" in text and "repository: acme/scenarios" in text
    assert (tmp_path / "specs/.github/workflows/factory.yml").is_file()
    assert "@ann" in (tmp_path / "wordcount/.github/CODEOWNERS").read_text("utf-8")


def test_a_dry_run_says_the_same_and_sends_nothing(github):
    github.control("repositories", {"full_name": "acme/specs", "private": True})
    would = begin(github, dry_run=True)
    assert sent(github) == []
    did = begin(github)
    assert [kind for kind, outcome in would if outcome == "would-make"] == [
        kind for kind, outcome in did if outcome == "made"
    ]


class CutOff(Settings):
    """Killed once it has sent so many changes, before it hears of the last."""

    left = 0

    def write(self, *words):
        super().write(*words)
        self.left -= 1
        if not self.left:
            raise KeyboardInterrupt


# After two of three repositories, an environment without its branch, a key without its secret.
def test_a_run_that_is_cut_off_again_and_again_goes_on(github):
    env = {"GITHUB_API_URL": github.url, "GITHUB_SERVER_URL": github.url, "GITHUB_TOKEN": PAT}
    for changes in (2, 3, 8):
        cut = CutOff(env)
        cut.left = changes
        with pytest.raises(KeyboardInterrupt):
            run(cut, WANTED, dry_run=False, told=lambda one: None)
    state = github.state
    assert len(state["deploy_keys"]) == 1, "cut off where it should be"
    assert (
        "FACTORY_SCENARIOS_KEY"
        not in (state["environments"]["acme/specs"]["factory-evaluate"]["secrets"])
    )
    begin(github)
    state = github.state
    assert len(state["repositories"]) == 3 and len(state["rulesets"]) == 6
    secrets = state["environments"]["acme/specs"]["factory-evaluate"]["secrets"]
    assert public_half(secrets["FACTORY_SCENARIOS_KEY"]) == state["deploy_keys"][1]["key"]
    assert all(one["branches"] == ["main"] for one in state["environments"]["acme/specs"].values())
    assert {outcome for _, outcome in begin(github)} == {"there"}


def test_an_answer_that_got_lost_makes_nothing_twice(github):
    for path in ("orgs/acme/repos$", "labels$", "acme/scenarios/keys$", "rulesets$"):
        github.fault(method="POST", path=path, status=502, after=True)
    done = begin(github)
    assert {outcome for _, outcome in done} == {"made"}, done
    assert len(github.state["deploy_keys"]) == 1


def test_the_rule_lets_the_judged_commit_through_and_nothing_else(github):
    """As ship pushes it: a commit that the App called green, onto the base branch."""
    begin(github)
    name, tokens = "acme/wordcount", {}
    for token, app in ((APP_TOKEN, 7), (JOB, 8)):
        tokens[token] = {"kind": "installation", "app_id": app, "repositories": [name],
                         "permissions": {"contents": "write", "checks": "write"}}  # fmt: skip
    other = {"8": {"slug": "other", "public_key": "", "installations": []}}
    github.control("state", {"tokens": tokens, "apps": {**github.state["apps"], **other}})
    bare = github.root / f"{name}.git"
    base = tree.resolve(bare, "main")
    words = {"author_name": "a", "author_email": "a@b", "timestamp": 1}
    commit = tree.commit_tree(bare, tree.tree_id(bare, base), base, "Held", **words)

    def push(token: str) -> None:
        forge = github.forge(GITHUB_TOKEN=token)
        url, env = forge.clone_url(name), forge.git_environment(name)
        tree.push(bare, url, commit, "refs/heads/main", expected=base, env=env)

    def judge(token: str, conclusion: str) -> None:
        output = CheckOutput(title="t", summary="s")
        check = (name, commit, "factory / verdict", conclusion, output, "")
        github.forge(GITHUB_TOKEN=token).complete_check(*check, external_id=f"{token}-{conclusion}")

    for token, conclusion in ((JOB, "success"), (APP_TOKEN, "failure")):
        judge(token, conclusion)
        with pytest.raises(FactoryError, match="GH013"):
            push(APP_TOKEN)
    judge(APP_TOKEN, "success")
    push(APP_TOKEN)
    assert tree.resolve(bare, "main") == commit


def test_the_app_alone_makes_and_moves_holding_branches_and_who_clears_them_can(github):
    name, branch = "acme/wordcount", "factory/hold/link-expiry/20261122t211008-0123abcd"
    github.control("repositories", {"full_name": name, "private": True})
    github.commit(name)
    rulesets = [
        {"id": number, "repository": name, **one}
        for number, one in enumerate(holding_rulesets(7), 1)
    ]
    github.control("state", {"rulesets": rulesets})
    ref, permissions = f"refs/heads/{branch}", {"contents": "write"}
    tokens = {
        APP_TOKEN: {"kind": "installation", "app_id": 7, "repositories": [name],
                    "permissions": permissions},
        FINE: {"kind": "fine-grained", "login": "eve", "repositories": [name],
               "permissions": permissions},
    }  # fmt: skip
    github.control("state", {"tokens": github.state["tokens"] | tokens})
    bare = github.root / f"{name}.git"
    base = tree.resolve(bare, "main")
    words = {"author_name": "a", "author_email": "a@b", "timestamp": 1}
    one, two = (
        tree.commit_tree(bare, tree.tree_id(bare, base), base, text, **words) for text in "ab"
    )
    url = github.forge().clone_url(name)

    def push(token: str, commit: str, expected: str | None, *, to: str = ref) -> None:
        env = github.forge(GITHUB_TOKEN=token).git_environment(name)
        tree.push(bare, url, commit, to, expected=expected, env=env)

    def delete(token: str) -> bool:
        env = {**os.environ, **github.forge(GITHUB_TOKEN=token).git_environment(name)}
        words = ["git", "push", "-q", url, f":{ref}"]
        return subprocess.run(words, env=env, cwd=bare, check=False).returncode == 0

    for token in (FINE, PAT):
        with pytest.raises(FactoryError, match="GH013"):
            push(token, one, None)
    push(APP_TOKEN, one, None)
    push(APP_TOKEN, two, one)
    with pytest.raises(FactoryError, match="GH013"):
        push(FINE, one, two)
    assert tree.remote_head(url, branch, github.forge(GITHUB_TOKEN=FINE).git_environment(name)) == (
        two
    ), "a person looks at it"
    push(FINE, one, None, to="refs/heads/factory/holding-on")
    assert not delete(FINE)
    assert delete(PAT), "an administrator clears old ones"


@pytest.mark.parametrize(("push_app", "secret"), [(8, "FACTORY_APP_PRIVATE_KEY"), (None, "")])
def test_the_rule_lets_through_what_pushes_and_is_not_made_for_a_token(github, push_app, secret):
    other = {"8": {"slug": "other", "public_key": "", "installations": []}}
    github.control("state", {"apps": {**github.state["apps"], **other}})
    secrets = {secret: "x"} if secret else {"FACTORY_PUSH_TOKEN": "x"}
    github.control("repositories", {"full_name": "acme/specs", "private": True})
    push = {"policy": "custom", "branches": ["main"], "secrets": secrets, "variables": {}}
    github.control("state", {"environments": {"acme/specs": {"factory-push": push}}})
    wanted = replace(WANTED, push_app_id=push_app)
    done = run(settings(github), wanted, dry_run=True, told=lambda one: None)
    told = [one for one in done if "holding" in one.step.data.get("name", "")]
    passing = [one.step.data["bypass_actors"][0]["actor_id"] for one in told]
    if secret:
        assert [one.outcome for one in told] == ["would-make"] * 2 and passing == [8, 8]
    else:
        assert [one.outcome for one in told] == ["differs"] * 2
        assert all("store an App's key" in one.mend for one in told)


def test_another_s_repository_is_not_touched(github):
    github.control("repositories", {"full_name": "acme/wordcount", "private": True})
    github.commit("acme/wordcount", "someone's work")
    with pytest.raises(ConfigurationError, match="acme/wordcount holds something else"):
        begin(github)
    assert sent(github) == []


@pytest.mark.parametrize(
    ("name", "permission", "told"),
    [
        ("acme/scenarios", "admin", "eve may use it"),
        ("acme/scenarios", "read", "eve may use it"),
        ("acme/specs", "admin", "eve may administer it"),
        ("acme/wordcount", "write", ""),
    ],
)
def test_what_another_member_made_before_us_is_taken_over_on_a_word_alone(
    github, name, permission, told
):
    github.control("repositories", {"full_name": name, "private": True})
    facts = {"collaborators": {name: {"eve": {"permission": permission}}}}
    github.control("state", facts | {"organisations": {"acme": {"owners": ["ann", "own"]}}})
    if told:
        with pytest.raises(ConfigurationError, match=f"{name} is there, and {told}") as caught:
            begin(github)
        assert "--adopt" in caught.value.mend
        assert sent(github) == []
    wanted = replace(WANTED, adopt=True) if told else WANTED
    assert {outcome for _, outcome in begin(github, wanted, dry_run=True)} <= {
        "would-make",
        "there",
    }


@pytest.mark.nightly
def test_what_was_adopted_once_is_ours_by_factory_yml(github):
    github.control("repositories", {"full_name": "acme/scenarios", "private": True})
    github.control("state", {"collaborators": {"acme/scenarios": {"eve": {"permission": "read"}}}})
    done = begin(github, replace(WANTED, adopt=True))
    assert {outcome for _, outcome in done} <= {"made", "there"}
    assert {outcome for _, outcome in begin(github, dry_run=True)} == {"there"}


def test_who_may_use_it_must_be_seen_before_it_is_taken_over(github):
    github.control("repositories", {"full_name": "acme/scenarios", "private": True})
    blind = {"kind": "fine-grained", "login": "ann", "repositories": None, "permissions": {
        "contents": "write", "administration": "write", "metadata": "read"}}  # fmt: skip
    github.control("state", {"tokens": {FINE: blind}})
    with pytest.raises(ConfigurationError, match="who may use it cannot be seen") as caught:
        begin(github, token=FINE)
    assert "members" in caught.value.mend and sent(github) == []


def test_scenarios_are_never_put_where_all_can_see_them(github):
    github.control("repositories", {"full_name": "acme/scenarios", "private": False})
    with pytest.raises(ConfigurationError, match="is public"):
        begin(github)
    assert sent(github) == []


def test_what_differs_is_told_and_left(github):
    begin(github)
    state = github.state
    environments = state["environments"]
    environments["acme/specs"]["factory-push"]["branches"] = ["main", "release/*"]
    environments["acme/specs"]["factory-build"] |= {
        "policy": None, "branches": [], "rules": ["required_reviewers"],
    }  # fmt: skip
    environments["acme/specs"]["factory-verdict"] |= {"policy": None, "branches": []}
    rulesets = [one | {"enforcement": "disabled"} for one in state["rulesets"]]
    github.control("state", {"environments": environments, "rulesets": rulesets})
    done = begin(github)
    assert [one for one in done if one[1] not in ("there", "made")] == [
        *[("environment", "differs")] * 2, *[("ruleset", "differs")] * 6,
    ], done  # fmt: skip
    after = github.state["environments"]["acme/specs"]
    assert after["factory-build"]["rules"] == ["required_reviewers"], "reviewers would be lost"
    assert after["factory-verdict"]["branches"] == ["main"], "nothing is lost by this one"
    assert after["factory-push"]["branches"] == ["main", "release/*"]


def test_refusals_of_a_plan_and_of_a_policy_are_told_with_their_mend(github):
    facts = {"acme": {"plan": "free", "deploy_keys": False}}
    github.control("state", {"organisations": facts})
    done = run(settings(github), WANTED, dry_run=False, told=lambda one: None)
    mends = {one.step.kind: one.mend for one in done if one.outcome == "refused"}
    assert set(mends) == {"environment", "deploy-key", "secret", "ruleset"}
    assert "plan" in mends["environment"] and "plan" in mends["ruleset"]
    github.control("state", {"organisations": {"acme": {"deploy_keys": False}}})
    done = run(settings(github), WANTED, dry_run=False, told=lambda one: None)
    [mend] = [one.mend for one in done if one.outcome == "refused"]
    assert "allow deploy keys" in mend


def test_a_token_that_may_not_is_told_which_right_is_missing(github):
    fine = {"kind": "fine-grained", "login": "bob", "repositories": ["acme/specs"],
            "permissions": {"contents": "write", "issues": "read"}}  # fmt: skip
    github.control("state", {"tokens": {FINE: fine}, "repositories": {"acme/specs": {}}})
    github.control("repositories", {"full_name": "acme/specs"})
    with pytest.raises(AuthenticationError) as caught:
        begin(github, token=FINE)
    assert "actions: read" in caught.value.mend
    no_workflow = {"kind": "pat", "login": "ann", "repositories": None, "scopes": ["repo"]}
    github.control("state", {"tokens": {PAT: no_workflow}})
    with pytest.raises(FactoryError, match="workflow"):
        begin(github)


def test_the_command_says_what_it_did_and_what_is_left_to_a_person(github, monkeypatch):
    for name in ("GITHUB_API_URL", "GITHUB_SERVER_URL"):
        monkeypatch.setenv(name, github.url)
    monkeypatch.setenv("GITHUB_TOKEN", PAT)
    monkeypatch.delenv("FACTORY_APP_ID", raising=False)
    words = ["init", "--github", "acme", "--product", "shop"]
    done = CliRunner().invoke(main.group, [*words, "--dry-run"], standalone_mode=False)
    assert done.exception is None and sent(github) == []
    assert done.return_value == 2, "the verdict cannot be pinned to an App that nobody named"
    assert "would make private repository acme/specs\n" in done.stdout
    assert "make a GitHub App (docs/setup.md)" in done.stdout
    words += ["--app-id", "7", "--json"]
    made = CliRunner().invoke(main.group, words, standalone_mode=False)
    told = json.loads(made.stdout)
    assert made.return_value == 0, told
    assert told["repositories"]["product"] == "acme/shop"
    assert {one["outcome"] for one in told["steps"]} == {"made"}
    assert any("factory doctor --github" in one for one in told["next"])


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["specs", "x"], "leave out KIND"),
        (["--specs", "other/specs"], "no repository of acme"),
        (["--scenarios", "specs"], "are not three"),
        (["--app-id", "seven"], "no App id"),
        (["--owner", "the team"], "can own no code"),
    ],
)
def test_what_cannot_be_asks_nobody(github, monkeypatch, words, said):
    monkeypatch.setenv("GITHUB_API_URL", github.url)
    done = CliRunner().invoke(main.group, ["init", "--github", "acme", *words])
    assert said in str(done.exception) and github.state["requests"] == []


def test_a_person_s_repositories_are_made_as_theirs(github):
    """And a token that may nothing, tried first, does not stand in the way of one that may."""
    facts = {"kind": "fine-grained", "login": "bot", "repositories": [], "permissions": {}}
    github.control("state", {"people": ["ann"], "tokens": {FINE: facts}})
    names = {"owner": "ann", "specs": "ann/specs", "scenarios": "ann/s", "repository": "ann/p"}
    wanted = Wanted(**names, product="p", code_owner="@ann", app_id=None)
    asked = settings(github, FACTORY_TOKEN=FINE)
    ended = run(asked, wanted, dry_run=False, told=lambda one: None)
    done = [(one.step.kind, one.outcome) for one in ended]
    assert ("POST", "/user/repos") in sent(github)
    assert [one for one in done if one[1] == "differs" and one[0] == "ruleset"], "it needs an App"
