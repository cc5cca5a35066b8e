"""`factory doctor --github` against the double: a good set-up, broken ones, and missing rights."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from factory.cli import main
from factory.forge.sealing import new_deploy_key
from tests.contract.github_bench import FINE, JOB, PAT

FACTORY = """\
version: 1
products: {shortener: {repository: acme/shortener, subject: {command: x}}}
scenarios: {repository: acme/scenarios}
agents: {builder: {uses: anthropic, model: claude-sonnet-5-5}}
"""
HOST_KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl"
READ, PUSH = "read" * 9, "push" * 9
PRIVATE, PUBLIC = new_deploy_key()


def environment(*secrets: str, **more: object) -> dict:
    return {"policy": "custom", "branches": ["main"], "secrets": dict.fromkeys(secrets, "x"),
            "variables": {}, **more}  # fmt: skip


OWNERS = {"type": "pull_request", "parameters": {
    "dismiss_stale_reviews_on_push": True, "require_code_owner_review": True,
    "require_last_push_approval": False, "required_approving_review_count": 0,
    "required_review_thread_resolution": False,
}}  # fmt: skip


def rules(check: str, app: int, *more: dict) -> list[dict]:
    checks = [{"context": check, "integration_id": app}]
    parameters = {
        "required_status_checks": checks,
        "strict_required_status_checks_policy": False,
    }
    return [{"type": "required_status_checks", "parameters": parameters}, *more]


def ruleset(number: int, repository: str, body: list[dict], **more: object) -> dict:
    return {"id": number, "repository": repository, "name": f"r{number}", "target": "branch",
            "enforcement": "active", "rules": body,
            "conditions": {"ref_name": {"include": ["~DEFAULT_BRANCH"], "exclude": []}},
            **more}  # fmt: skip


HOLDING = ruleset(
    3, "acme/shortener", [{"type": "creation"}, {"type": "update"}, {"type": "deletion"}],
    conditions={"ref_name": {"include": ["refs/heads/factory/hold/**/*"], "exclude": []}},
    bypass_actors=[{"actor_type": "Integration", "actor_id": 7, "bypass_mode": "always"}],
)  # fmt: skip


def good(app_key: tuple[str, str]) -> dict:
    """Everything as it should be."""
    product = {"contents": "write", "checks": "write", "metadata": "read"}
    installation = {
        "id": 70, "account": "acme", "repositories": ["acme/shortener"], "permissions": product,
    }  # fmt: skip
    app = {"slug": "acme-factory", "public_key": app_key[1], "installations": [installation]}
    held = {"contents": "read"}
    tokens = {
        PAT: {"kind": "pat", "login": "ann", "repositories": None},
        READ: {"kind": "fine-grained", "login": "bot", "repositories": ["acme/shortener"],
               "permissions": held},
        PUSH: {"kind": "fine-grained", "login": "bot", "repositories": ["acme/shortener"],
               "permissions": {"contents": "write"}},
    }  # fmt: skip
    evaluate = ("FACTORY_SCENARIOS_KEY", "FACTORY_SCENARIOS_KNOWN_HOSTS")
    return {
        "repositories": {"acme/specs": {}, "acme/shortener": {}, "acme/scenarios": {}},
        "tokens": tokens,
        "apps": {"7": app},
        "meta": {"ssh_keys": [HOST_KEY]},
        "environments": {"acme/specs": {
            "factory-build": environment("ANTHROPIC_API_KEY"),
            "factory-evaluate": environment(*evaluate),
            "factory-push": environment("FACTORY_APP_PRIVATE_KEY"),
            "factory-verdict": environment("FACTORY_APP_PRIVATE_KEY"),
        }},
        "secrets": {"acme/specs": {"FACTORY_READ_TOKEN": "x"}},
        "variables": {"acme/specs": {"FACTORY_APP_ID": "7"}},
        "rulesets": [
            ruleset(1, "acme/shortener", rules("factory / verdict", 7)),
            ruleset(2, "acme/specs", rules("factory / gate", 15368, OWNERS)),
            HOLDING,
        ],
        "deploy_keys": [{"id": 1, "repository": "acme/scenarios", "key": PUBLIC, "title": "k",
                         "read_only": True, "created_at": "2026-01-01T00:00:00Z"}],
    }  # fmt: skip


@pytest.fixture
def doctor(double, app_key, tmp_path, monkeypatch, only_loopback):
    """Runs it on a state, and gives its exit code and its rows by name."""
    (tmp_path / "factory.yml").write_text(FACTORY)
    workflows = tmp_path / ".github" / "workflows"
    workflows.mkdir(parents=True)
    for name in ("factory", "spec-gate"):
        called = f"acme/dark-factory/.github/workflows/{name}.yml@v1"
        (workflows / f"{name}.yml").write_text(f"jobs: {{factory: {{uses: {called}}}}}\n")
    for name in ("FACTORY_TOKEN", "GITHUB_REPOSITORY"):
        monkeypatch.delenv(name, raising=False)
    at_hand = {
        "GITHUB_API_URL": double.url, "GITHUB_SERVER_URL": double.url, "GITHUB_TOKEN": PAT,
        "FACTORY_APP_ID": "7", "FACTORY_APP_PRIVATE_KEY": app_key[0],
        "FACTORY_SCENARIOS_KEY": PRIVATE, "FACTORY_READ_TOKEN": READ, "FACTORY_PUSH_TOKEN": PUSH,
        "FACTORY_SCENARIOS_KNOWN_HOSTS": f"127.0.0.1 {HOST_KEY}",
    }  # fmt: skip

    # What a machine keeps for the server is not what is asked with.
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login someone password else\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))

    def run(state: dict | None = None, **env: str | None):
        double.control("reset", state or good(app_key))
        for name in ("acme/specs", "acme/shortener"):
            double.commit(name)
        for name, value in {**at_hand, **env}.items():
            monkeypatch.setenv(name, value) if value else monkeypatch.delenv(name, raising=False)
        words = ["doctor", "--github", "--specs", str(tmp_path), "--json"]
        words += ["--repository", "acme/specs"]
        done = CliRunner().invoke(main.group, words, standalone_mode=False)
        if done.exception:
            raise done.exception
        told = json.loads(done.stdout)["checks"]
        sent = [one["path"] for one in double.state["requests"] if one["method"] != "GET"]
        assert all(one.endswith("/access_tokens") for one in sent), "it changes nothing"
        assert PRIVATE not in done.stdout and PAT not in done.stdout
        rows = {row["name"]: row for row in told}
        assert len(rows) == len(told)
        return done.return_value, rows

    run.good = lambda: good(app_key)
    return run


def wrong(rows: dict) -> set[str]:
    return {name for name, row in rows.items() if not row["ok"]}


def test_all_is_well_and_every_row_says_where(doctor, double):
    code, rows = doctor()
    assert (code, wrong(rows)) == (0, set()), [rows[one] for one in wrong(rows)]
    for row in rows.values():
        assert set(row) == {"name", "ok", "needed", "found", "mend", "check", "place", "known",
                            "where"}  # fmt: skip
        assert not row["where"] or row["where"].startswith(double.url), row
    assert rows["verdict-required acme/shortener main"]["found"].endswith("from the App 7")
    assert "is its key `k`" in rows["deploy-key-match acme/scenarios"]["found"]


def test_what_is_wrong_is_found_in_one_go(doctor):
    state = doctor.good()
    state["repositories"]["acme/scenarios"]["private"] = False
    installation = state["apps"]["7"]["installations"][0]
    installation["repositories"] = None
    installation["permissions"] = {"contents": "write", "administration": "write"}
    state["tokens"][READ]["repositories"] = None
    state["tokens"][PUSH]["permissions"] = {"contents": "read"}
    state["deploy_keys"][0] |= {"read_only": False, "key": new_deploy_key()[1]}
    state["organisations"] = {"acme": {"deploy_keys": False,
                                       "actions": {"enabled_repositories": "none"}}}  # fmt: skip
    state["organisations"]["acme"]["members"] = "read"
    selected = {"github_owned_allowed": True, "verified_allowed": True, "patterns_allowed": ["x/*"]}
    state["actions"] = {"acme/specs": {"allowed_actions": "selected", "selected": selected,
                                       "enabled": False, "sha_pinning_required": True}}  # fmt: skip
    environments = state["environments"]["acme/specs"]
    environments["factory-build"] = environment(policy=None, branches=[])
    environments["factory-push"]["branches"] = ["main", "*"]
    del environments["factory-verdict"]
    state["variables"] = {}
    state["secrets"]["acme/specs"] |= {"FACTORY_SCENARIOS_KEY": "x"}
    review = {"type": "pull_request", "parameters": {
        "dismiss_stale_reviews_on_push": False, "require_code_owner_review": False,
        "require_last_push_approval": False, "required_approving_review_count": 1,
        "required_review_thread_resolution": False}}  # fmt: skip
    state["rulesets"] = [ruleset(1, "acme/shortener", rules("test", 15368, review))]
    code, rows = doctor(state)
    assert code == 2
    assert wrong(rows) >= {
        "scenarios-private acme/scenarios", "scenarios-out-of-reach acme/scenarios the App 7",
        "scenarios-out-of-reach acme/scenarios FACTORY_READ_TOKEN",
        "app-least acme/shortener", "line-token acme/shortener FACTORY_PUSH_TOKEN",
        "deploy-key acme/scenarios",
        "deploy-key-match acme/scenarios", "deploy-keys-allowed acme", "organisation-actions acme",
        "actions-enabled acme/specs", "scenarios-readers acme", "actions-allowed acme/specs",
        "environment acme/specs factory-build",
        "secrets acme/specs factory-build", "environment acme/specs factory-push",
        "environment acme/specs factory-verdict", "secrets acme/specs factory-push",
        "secrets-apart acme/specs", "verdict-required acme/shortener main",
        "ship-allowed acme/shortener main", "gate-required acme/specs main",
        "holding-kept acme/shortener",
    }  # fmt: skip
    for name in wrong(rows):
        assert rows[name]["mend"] and rows[name]["known"], rows[name]
    ship = rows["ship-allowed acme/shortener main"]["found"]
    assert "a pull request is required" in ship and "nothing posts `test`" in ship


@pytest.mark.parametrize("token", [FINE, JOB])
def test_what_may_not_be_seen_is_not_known_and_names_the_right(doctor, token):
    state = doctor.good()
    kind = "fine-grained" if token == FINE else "actions"
    names = ["acme/specs", "acme/shortener", "acme/scenarios"] if token == FINE else ["acme/specs"]
    facts = {"kind": kind, "login": "bob", "repositories": names, "permissions": {}}
    state["tokens"][token] = facts
    none_at_hand = dict.fromkeys(("FACTORY_APP_ID", "FACTORY_APP_PRIVATE_KEY"))
    code, rows = doctor(state, GITHUB_TOKEN=token, **none_at_hand)
    assert code == 5
    dark = {name: row for name, row in rows.items() if not row["known"]}
    assert {row["check"] for row in dark.values()} >= {
        "deploy-key", "deploy-key-match", "environment", "actions-enabled", "actions-allowed",
        "deploy-keys-allowed", "organisation-actions", "secrets-apart", "actions-pull-requests",
        "verdict-required",
    }  # fmt: skip
    assert all(not row["ok"] and row["found"].startswith("not known: ") for row in dark.values())
    assert "administration: read" in dark["actions-enabled acme/specs"]["mend"]
    assert {row["check"] for row in rows.values() if not row["ok"] and row["known"]} == (
        {"job-token"} if token == JOB else set()
    )


def test_who_builds_and_may_read_the_scenarios_is_found(doctor):
    state = doctor.good()
    state["collaborators"] = {
        "acme/specs": {"eve": {"permission": "write"}, "sam": {"permission": "read"}},
        "acme/scenarios": {
            "eve": {"permission": "read"}, "sam": {"permission": "write"},
            "Max": {"permission": "admin"}, "out": {"permission": "none"},
        },
    }  # fmt: skip
    code, rows = doctor(state)
    assert (code, wrong(rows)) == (0, {"scenarios-people acme/scenarios"})
    assert rows["scenarios-people acme/scenarios"]["found"] == (
        "administers it: max; may read the holdouts and push to specs or product: eve"
    )
    assert rows["scenarios-people acme/scenarios"]["where"].endswith("/settings/access")


def test_workflows_elsewhere_may_not_use_the_scenarios(doctor):
    state = doctor.good()
    state["actions"] = {"acme/scenarios": {"access": "organization"}}
    code, rows = doctor(state)
    assert (code, wrong(rows)) == (2, {"scenarios-shared acme/scenarios"})


def test_without_a_token_and_with_a_dead_one_it_ends_in_findings(doctor):
    nobody = dict.fromkeys(("GITHUB_TOKEN", "FACTORY_APP_ID", "FACTORY_APP_PRIVATE_KEY"))
    code, rows = doctor(**nobody)
    assert code == 2 and "gh auth token" in rows["identity acme/specs"]["mend"]
    code, rows = doctor(GITHUB_TOKEN="revoked" * 9)
    assert code == 2 and "401" in rows["identity acme/specs GITHUB_TOKEN"]["found"]


@pytest.mark.parametrize("key", ["not a key", "another App's"])
def test_a_key_that_is_not_the_app_s_is_a_finding(doctor, key):
    if key != "not a key":
        from cryptography.hazmat.primitives import serialization
        from cryptography.hazmat.primitives.asymmetric import rsa

        pem = (serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL)
        made = rsa.generate_private_key(65537, 2048)
        key = made.private_bytes(*pem, serialization.NoEncryption()).decode()
    code, rows = doctor(FACTORY_APP_PRIVATE_KEY=key)
    assert code == 2 and wrong(rows) == {"app acme/specs"}, wrong(rows)


def test_the_app_may_be_missing_from_the_product_or_suspended(doctor):
    state = doctor.good()
    state["apps"]["7"]["installations"][0]["repositories"] = []
    _, rows = doctor(state)
    assert "not installed" in rows["app-installed acme/shortener"]["found"]
    assert "acme/shortener" in rows["app-installed acme/shortener"]["mend"]


def test_what_others_named_says_nothing_to_a_terminal_or_a_runner(doctor, monkeypatch, tmp_path):
    """Titles and patterns are anyone's text who administers a repository."""
    state = doctor.good()
    nasty = "\x1b]0;x\x07\n::error::owned \u202e##[command]"
    state["deploy_keys"][0] |= {"title": nasty, "read_only": False}
    state["environments"]["acme/specs"]["factory-push"]["branches"] = ["main", nasty]
    doctor(state)
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    words = ["doctor", "--github", "--specs", str(tmp_path), "--repository", "acme/specs"]
    shown = CliRunner().invoke(main.group, words, standalone_mode=False).stdout
    assert "✗ deploy-key acme/scenarios: " in shown and "    where: http" in shown
    for bad in ("\x1b", "\x07", "\u202e", "\n::", "##[", "::error"):
        assert bad not in shown, repr(bad)


def test_classic_protection_counts_too(doctor):
    state = doctor.good()
    state["rulesets"] = state["rulesets"][1:]
    checks = [{"context": "factory / verdict", "app_id": 7}]
    state["protections"] = {"acme/shortener:main": {
        "required_status_checks": {"strict": False, "contexts": ["factory / verdict"],
                                   "checks": checks},
        "lock_branch": {"enabled": True},
    }}  # fmt: skip
    _, rows = doctor(state)
    assert rows["verdict-required acme/shortener main"]["ok"]
    assert "locked" in rows["ship-allowed acme/shortener main"]["found"]
