"""How something is built, in a spec that says what: for an architecture spec."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from factory.spec.finding import Finding
from factory.spec.language.late import late
from factory.spec.language.lexicon import Lexicon
from factory.spec.language.prose import LITERAL
from factory.spec.language.word_list import phrases, word_set
from factory.spec.rules.about import title_and
from factory.spec.spoken import Spoken
from factory.spec.surroundings import Surroundings

# Products and parts that nobody outside can tell apart.
_PRODUCTS = word_set(
    """
    freertos zephyr rtos jinja jinja2 mustache handlebars twig thymeleaf ejs selenium puppeteer
    pdfkit imagemagick ffmpeg pandoc tesseract leaflet mapbox openlayers d3.js chart.js three.js
    webgl jquery-ui lxml beautifulsoup scrapy nltk spacy xgboost lightgbm keras matplotlib log4j
    junit mockito gradle maven redis memcached postgres postgresql mysql mariadb sqlite mongodb
    mongo cassandra dynamodb couchdb neo4j elasticsearch opensearch solr lucene kafka rabbitmq
    activemq zeromq nats celery sidekiq nginx haproxy traefik docker kubernetes k8s helm terraform
    ansible heroku cloudfront cloudflare firebase supabase angular vuejs svelte jquery ember
    backbone nextjs redux webpack vite django fastapi laravel symfony express.js expressjs node.js
    nodejs springboot hibernate sqlalchemy activerecord sequelize prisma pandas numpy hadoop airflow
    tensorflow pytorch scikit-learn bcrypt scrypt argon2 pbkdf2 varnish rabbit mq memcache minio
    bigquery snowflake redshift clickhouse influxdb timescaledb etcd zookeeper consul graphene
    lodash axios oracle jenkins tomcat gunicorn uvicorn werkzeug bootstrap tailwind numba cython
    protobuf thrift rxjs jpa jdbc odbc orm zustand mobx pinia vuex jotai ngrx nuxt nuxt.js next.js
    nestjs htmx alpine.js tailwindcss vitest tauri xamarin swiftui uikit okhttp ktor quarkus
    micronaut dropwizard jooq mybatis liquibase flyway alembic duckdb cockroachdb scylladb arangodb
    rethinkdb pouchdb indexeddb leveldb rocksdb lmdb valkey keydb hazelcast redpanda nsq mosquitto
    emqx grafana prometheus logstash kibana keycloak podman istio linkerd sinatra aiohttp starlette
    gevent dramatiq luigi dagster camunda hangfire resque bullmq signalr blazor winforms tkinter
    pyqt pygame opengl cuda onnx langchain faiss milvus qdrant weaviate mysql2 dbt couchbase
    socket.io
    """
)
_PARTS = phrases(
    """
    batch job, background task, background job, nightly job, uses a queue, single-page app,
    microservice, microservices, micro-service, singleton, hash map, hashmap, hash table, linked
    list, b-tree, binary tree, bloom filter, mutex, semaphore, thread pool, worker thread,
    background thread, worker process, background worker, worker pool, message queue, message
    broker, job queue, task queue, event bus, database table, database column, database schema,
    database index, database query, database transaction, database trigger, sql query, sql
    statement, sql table, stored procedure, foreign key, primary key, join table, lookup table,
    in-memory cache, lru cache, write-through cache, connection pool, cron job, cronjob, crontab,
    lambda function, serverless function, load balancer, reverse proxy, regular expression, regex,
    recursive function, recursion, cron entry, thread of its own, pool of threads, streaming writer,
    recursive descent, token stream, prefix tree, suffix tree, syntax tree, quicksort, merge sort,
    binary search, event sourcing, cqrs, mvc, dependency injection, factory pattern, observer
    pattern, design pattern, orm layer, relational database, nosql, document store, key-value store,
    s3 bucket, react component, vue component, web component, css class, dom element, react app,
    react frontend, spring boot, spring service, flask app, rails app, react hook, state machine,
    data access layer, repository class, service class, controller class, helper function, python
    script, bash script, shell script, java class, python class, python module, python dictionary,
    json column, sqlite file, sqlite database, postgres table, websocket server, sharding,
    replication, virtual machine, docker container, kubernetes pod, temporary table, materialized
    view, materialised view, full-text index, inverted index, async task, coroutine, goroutine,
    abstract class, base class, unit of work, local storage, localstorage, session storage,
    single-page application, single page application, css grid, flexbox, iframe, web worker, service
    worker, multi-threaded, multithreaded, event-driven, pub/sub, neural network, machine learning
    model, machine-learning model, decision tree, random forest, dijkstra, k-means, gradient
    boosting, hash function, sha-256 hash, object storage, blob storage, message bus, read replica,
    write-ahead log, in a table named, in a table called, opencv, webassembly, data warehouse table,
    binary heap, priority queue, react query, tanstack query, redux store, zustand store, global
    store, state store, reducer, service layer, business layer, persistence layer, repository layer,
    data layer, presentation layer, middleware, event listener, event handler, request handler, view
    model, data transfer object, optimistic locking, pessimistic locking, optimistic lock, row lock,
    row-level lock, table lock, advisory lock, database lock, composite key, unique constraint,
    unique index, partial index, outer join, inner join, circular buffer, hash set, lookup
    dictionary, bitmask, memoization, thread-local, event loop, dead letter queue, dead-letter
    queue, consumer group, service mesh, stored function, orm model, data class, dataclass, template
    engine, templating engine, headless browser, headless chrome, abstract syntax tree, r-tree,
    quadtree, kd-tree, finite automaton, web framework, orm query, css variable, shadow dom, virtual
    dom, garbage collection, worker queue, background queue, topic partition, write-through,
    read-through, cache entry, cache layer, memory pool, loops over, loops through, iterates over,
    iterates through, recursively, recurses, database view, in-memory database, in-memory store,
    database cursor, prepared statement, repository pattern, adapter pattern, strategy pattern,
    decorator pattern, visitor pattern, builder pattern, command pattern, facade pattern, class
    inherits, inherits from the class, postgis query, postgis, gist index, gin index, geometry
    column, composite index, covering index
    """
)
# Everyday words, too: only as what something is built with.
_AMBIGUOUS = word_set(
    """
    typescript javascript golang clojure erlang haskell php perl cobol fortran kotlin react vue
    spring flask rails spark lambda express swift go rust java python ruby c scala apache oracle
    consul helm ember backbone bootstrap rabbit mongo vite numba sql json xml graphql grpc websocket
    websockets aws azure gcp s3 ec2 sqs sns rds jwt cron systemd cache caching prisma nats tomcat
    redux ansible snowflake redshift phoenix elixir dart relay apollo pulsar ignite quartz remix
    svelte astro recoil flutter retrofit electron cypress playwright
    """
)
_TOLD = word_set(
    """
    using use uses used via with in on by through inside into from as
    """
)
_BUILT = word_set(
    """
    use uses using used via written implemented built running runs hosted deployed stored stores
    store persisted persists kept powered backed based cached caches coded developed programmed
    queued queues indexed saved saves
    """
)
_KINDS_OF_THING = word_set(
    """
    database table component framework library cluster container bucket queue server service app
    application script module class function store backend frontend instance index cache job handler
    worker hook template broker topic stream layer node view
    """
)
_LEXICON = Lexicon(
    {
        **dict.fromkeys(_PRODUCTS, "product"),
        **dict.fromkeys(_AMBIGUOUS, "ambiguous"),  # Also those that are products, too.
        **dict.fromkeys(_PARTS, "part"),
        **{f"{one}s": "part" for one in _PARTS if not one.endswith("s")},
    }
)


# Here a product may be named for what it works with: "runs on PostgreSQL 15".
_SCENES = ("Constraints", "Evaluation", "Inputs")


def implementation(said: Sequence[Spoken], around: Surroundings) -> Iterator[Finding]:
    """`implementation-detail`: in a feature, what only an architecture spec may lay down."""
    if not said or said[0].document.kind != "feature":
        return
    told: set[int] = set()
    for one in said:
        if not one.binding:
            if one.section.name == "What":
                yield from _in_what(one)
            continue
        if _ANYTHING.isdisjoint(one.sentence.words):
            continue
        at = _names_code(one)
        if at is not None and one.block.line not in told:
            told.add(one.block.line)
            yield _finding(one, at, at + 2)
        for at, end, kind in _LEXICON.find(one.sentence):
            words = one.sentence.words
            form = words[at] in _FORMATS and words[at - 1 : at] == ["as"]
            if form and _KEPT_AS.isdisjoint(words):
                continue  # `Has status 200 and the contact as JSON object`: what somebody gets.
            doubtful = kind == "ambiguous" or _is_a_scene(one, kind, at)
            if doubtful and not _is_built_with(words, at, end):
                continue
            if one.block.line in told or _is_the_subject(one, words[at:end], around):
                continue
            told.add(one.block.line)
            yield _finding(one, at, end)


def _in_what(one: Spoken) -> Iterator[Finding]:
    """What says how: `keeps its names in PostgreSQL`, and not what the product is about."""
    words = one.sentence.words
    for at, end, kind in _LEXICON.find(one.sentence):
        told = _MADE_BY if kind == "part" else _MADE_WITH
        if words[at] in _FORMATS:
            told = _KEPT_AS  # `Turns each frame into one line of JSON`
        about = title_and(one.document, "Who", "Inputs").lower()
        built = not told.isdisjoint(words[max(0, at - 4) : at]) or words[0] == "we"
        if built and words[at] not in about:
            yield _finding(one, at, end)
            return


# `Runs on` and `as` tell in a What where the product is used.
_BUILT_OF = word_set(
    """
    use uses using written implemented built keeps keep stores stored saves saved cached caches
    lives is puts into via through pushes publishes writes
    """
)
_FORMATS = frozenset(("json", "xml"))
_KEPT_AS = word_set("keeps keep stores stored saves saved cached caches")
_MADE_BY, _MADE_WITH = _BUILT_OF | {"by", "spawning"}, _BUILT_OF - {"is"}


def _is_a_scene(one: Spoken, kind: str, at: int) -> bool:
    """Whether it may be what the product meets: `a virtual machine`, `at the load balancer`."""
    if kind != "part":
        library = one.section.name == "Constraints" and one.sentence.words[at] in _LIBRARIES
        return one.section.name in _SCENES and not library
    near = one.sentence.words[max(0, at - 3) : at]
    return one.section.name == "Evaluation" or not {"at", "behind"}.isdisjoint(near)


# Nobody who uses a product meets these.
_LIBRARIES = word_set(
    """
    pandas numpy django fastapi sqlalchemy hibernate lodash axios jquery redux celery keras pytorch
    tensorflow scikit-learn matplotlib jinja jinja2 lxml beautifulsoup angular vuejs svelte webpack
    laravel symfony springboot mockito junit log4j prisma sequelize
    """
)


def _finding(one: Spoken, at: int, end: int) -> Finding:
    return one.finding(
        "implementation-detail", at,
        f"{one.written(at, end)!r} says how it is built, not what it does",
        "say what can be observed; how belongs in an architecture spec", one.doubt,
    )  # fmt: skip


def _names_code(one: Spoken) -> int | None:
    """The place of `DraftRepository class`: a name in the manner of programs, and what it is."""
    words = one.sentence.words
    if LITERAL in words and not _BY_MEANS_OF.isdisjoint(words):
        for at, word in enumerate(words[1:], 1):
            if word == LITERAL and words[at - 1] in _BY_MEANS_OF and _is_of_programs(one, at):
                return at
    if _NAMED_IN_CODE.isdisjoint(words):
        return None
    for at, word in enumerate(words):
        if word in _OF_DATABASES and _names_a_table(one, at):
            return at
        if at and word in _OF_PROGRAMS and _CAMEL.match(one.sentence.text(at - 1)):
            return at - 1
        named = word in ("class", "module", "object") and words[at + 1 : at + 2] == [LITERAL]
        if named and _CAMEL.match(one.sentence.literal(at + 1)):
            return at
    return None


def _is_of_programs(one: Spoken, at: int) -> bool:
    return one.sentence.literal(at).removesuffix("()").lower() in _CALLED


def _names_a_table(one: Spoken, at: int) -> bool:
    """Whether it is ``the table `boats` ``, by its name in code and in no Markdown or CSV."""
    words = one.sentence.words
    for beside in (at - 1, at + 1):
        if 0 <= beside < len(words) and words[beside] == LITERAL:
            name = one.written(beside, beside + 1)
            told = title_and(one.document, "What", "Inputs", "Outputs").lower()
            return bool(_SNAKE.fullmatch(name)) and not _TABULAR.search(told)
    return False


_OF_DATABASES = frozenset(("table", "tables"))
_SNAKE = late(r"`[a-z][a-z0-9_]{1,60}`")
_TABULAR = late(r"\b(?:tables?|csv|tsv|sql|database|spreadsheets?|sheets?|markdown|html)\b")
# `GeoJSON object` is a form, not a program.
_OF_PROGRAMS = frozenset(("class", "method", "function", "module", "interface"))
_NAMED_IN_CODE = _OF_PROGRAMS | _OF_DATABASES
# A sentence without any of these names nothing of how it is built.
_ANYTHING = _LEXICON.anchors | _NAMED_IN_CODE | {LITERAL}
# What a page or a program is built with, as programs call it.
_CALLED = word_set(
    """
    localstorage sessionstorage indexeddb fetch xmlhttprequest settimeout setinterval usestate
    useeffect usememo usecallback setstate innerhtml addeventlistener queryselector postmessage
    requestanimationframe promise.all eventsource mutationobserver intersectionobserver
    groupby dataframe threadpoolexecutor asyncio hashmap arraylist linkedlist mutex malloc epoll
    """
)
_BY_MEANS_OF = word_set(
    "in into through via with using a an uses use by from its the calls debounced"
)
_CAMEL = late(r"[A-Z][a-z]+[A-Z][A-Za-z]+\Z|[a-z]{2,}[A-Z][A-Za-z]+\Z")


def _is_built_with(words: list[str], at: int, end: int) -> bool:
    before = words[max(0, at - 4) : at]
    if before[-2:] in (["runs", "on"], ["run", "on"], ["works", "with"], ["works", "on"]):
        return False  # What it works with is seen from outside.
    version = words[end : end + 1] and words[end][0].isdigit()
    if version and before[-1:] in (["with"], ["under"], ["on"]):
        return False  # `Runs the command with Python 3.11`
    if (
        before[-1:]
        and before[-1] in _BUILT
        and before[-2:-1] in (["the"], ["a"], ["its"], ["each"])
    ):
        return False  # `the stored JSON`
    built = bool(_BUILT & set(before))
    return (built and bool(_TOLD & set(before[-3:]) or before[-1] in _BUILT)) or (
        not _KINDS_OF_THING.isdisjoint(one.rstrip("s") for one in words[end : end + 2])
        and bool({"a", "an", "the", "in", "with"} & set(before[-2:]))
    )


_KEPT_IN_DATABASES = word_set(
    """
    sql database table tables key keys index row column schema trigger view statement statements
    query queries join transaction cursor constraint replication postgis
    """
)
_OF_CALLERS = word_set("goroutine goroutines coroutine coroutines")
_ABOUT_LIBRARIES = late(r"\b(?:package|library|module|crate|gem|sdk)\b", re.IGNORECASE)
_ABOUT_DATABASES = late(r"\b(?:sql|databases?|postgres\w*|mysql|mariadb|sqlite)\b", re.IGNORECASE)


def _is_the_subject(one: Spoken, phrase: list[str], around: Surroundings) -> bool:
    """Whether the product is about it: its title or What names it, or the glossary."""
    if around.terms and " ".join(phrase) in around.terms:
        return True
    told = title_and(one.document, "What")
    if phrase[0] in _PRODUCTS:
        told = title_and(one.document, "What", "Who", "Inputs")  # It works with one that is there.
    if not _KEPT_IN_DATABASES.isdisjoint(phrase) and _ABOUT_DATABASES.search(told):
        return True  # A tool for databases speaks of their keys and tables.
    if not _OF_CALLERS.isdisjoint(phrase) and _ABOUT_LIBRARIES.search(told):
        return True  # Whoever calls a library does so from a goroutine of theirs.
    return bool(re.search(rf"\b{re.escape(phrase[0])}", told, re.IGNORECASE))
