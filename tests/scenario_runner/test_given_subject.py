"""What --subject and the options beside it may say."""

from __future__ import annotations

from pathlib import Path

import pytest
from scenario_runner.errors import UsageFault
from scenario_runner.subject.given import GivenSubject, parse


@pytest.mark.parametrize(
    ("text", "kind", "rest", "argv"),
    [
        ("http://127.0.0.1:1/a/?b=c", "address", "http://127.0.0.1:1/a/?b=c", ()),
        ("http+unix://%2Ftmp%2Fs", "address", "http+unix://%2Ftmp%2Fs", ()),
        ("cat -n here", "command", "", ("cat", "-n", "HERE")),
        ("service:cat {port} ./here", "service", "", ("cat", "{port}", "HERE")),
        ("launcher:./run it", "launcher", "", ("RUN", "it")),
        ("image:registry.example:5000/a/b:1.2", "image", "registry.example:5000/a/b:1.2", ()),
    ],
)
def test_each_kind(tmp_path: Path, text, kind, rest, argv):
    (tmp_path / "here").touch()
    (tmp_path / "run").touch(mode=0o755)
    known = {"HERE": str(tmp_path / "here"), "RUN": str(tmp_path / "run")}
    (one,) = parse([text], tmp_path)
    assert (one.name, one.kind, one.text) == ("default", kind, rest)
    assert [Path(word).name for word in one.argv] == [
        Path(known.get(word, word)).name for word in argv
    ]
    assert all(
        word == known[each] for word, each in zip(one.argv, argv, strict=True) if each in known
    )
    (named,) = parse([f"billing={text}"], tmp_path)
    assert (named.name, named.kind, named.argv) == ("billing", kind, one.argv)
    assert GivenSubject.from_wire(one.to_wire()) == one


def test_the_one_without_a_name_comes_first(tmp_path):
    texts = ["a=http://x", "http://y", "b=http://z"]
    assert [each.name for each in parse(texts, tmp_path)] == ["default", "a", "b"]
    assert [each.name for each in parse(texts[::2], tmp_path)] == ["a", "b"]


def test_options_are_the_defaults_or_for_one_name(tmp_path):
    one, two = parse(
        ["service:cat", "b=image:x"],
        tmp_path,
        ready=["/up", "b=/b?c=d"],
        ports=["b=80"],
        resets=["POST /reset", "b=DELETE /all"],
    )
    assert (one.ready, one.port, one.reset) == ("/up", 8080, ("POST", "/reset"))
    assert (two.ready, two.port, two.reset) == ("/b?c=d", 80, ("DELETE", "/all"))


@pytest.mark.parametrize(
    ("texts", "more", "words"),
    [
        (["http://a", "http://b"], {}, 'two are called "default"; give the others names'),
        (["a=http://a", "a=http://b"], {}, 'two are called "a"'),
        (["docker:x"], {}, "write image:NAME"),
        (["image:"], {}, "not the name of an image"),
        (["image:-v"], {}, "not the name of an image"),
        (["image:a b"], {}, "not the name of an image"),
        (["service:"], {}, "is empty"),
        (["service:no-such-command-here"], {}, 'no command "no-such-command-here"'),
        (["launcher:'"], {}, "cannot be split"),
        (["http://"], {}, "not an http"),
        (["cat"], {"ready": ["up"]}, "write a path"),
        (["cat"], {"ready": ["b=/up"]}, 'there is no subject "b"; there is default'),
        (["cat"], {"ports": ["0"]}, "from 1 to 65535"),
        (["cat"], {"ports": ["70000"]}, "from 1 to 65535"),
        (["cat"], {"ports": ["x"]}, "from 1 to 65535"),
        (["http://a"], {"resets": ["/reset"]}, "a method and a path"),
        (["http://a"], {"resets": ["POST reset"]}, "a method and a path"),
        (["cat"], {"resets": ["POST /reset"]}, "takes no requests"),
    ],
)
def test_what_cannot_be_used_is_refused(tmp_path, texts, more, words):
    with pytest.raises(UsageFault, match=words):
        parse(texts, tmp_path, **more)
