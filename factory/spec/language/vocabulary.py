"""Words that let two readers understand two things, by what is wrong with them.

Collected from how requirements are criticised in practice: ISO/IEC/IEEE 29148 (5.2.7, terms to
avoid) names the families: superlatives, subjective language, vague pronouns and adverbs,
open-ended and non-verifiable terms, comparative phrases, loopholes.
"""

from __future__ import annotations

from collections.abc import Mapping

from factory.spec.language.word_list import pairs, phrases, word_set

# Nobody can say when these are met.
VAGUE = (
    *pairs(
        "if where wherever when whenever as unless",
        """
        feasible practicable possible applicable sensible reasonable useful helpful necessary
        needed required appropriate suitable desirable relevant advisable fitting
        meaningful worthwhile convenient
        """,
    ),
    *phrases(
        """
            seems to, seem to, close to the, close to a, of the older kind, of the newer kind, of
            the better kind, of the usual kind, from round about, good customers, than is usual,
            than usual, merely, minor importance, little importance, great importance, get in the
            way, gets in the way, hardly ever, copes with, cope with, enough time, enough space,
            enough room, enough memory, short and clear, clear and concise, clear and simple, go
            well together, goes well with, normal size, normal font, normal speed, normal way, users
            expect, members expect, people expect, customers expect, minor errors, minor changes,
            minor problems, minor issues, minor deviations, plain language, simple language, clear
            language, related failure, related failures, related problem, related problems,
            resembles, resemble, in good standing, of good standing, out of line with, minor detail,
            minor details, delicate, put up with, puts up with, running low, runs low, run low, has
            a need for it, beyond use, beyond repair, beyond recognition, beyond reason, beyond
            measure, beyond what is usual, unsocial, deserving cases, deserving case, deserving,
            hardship cases, well-founded cases, close to each other, close to one another, near each
            other, near one another, far from each other, a pleasure to, deep understanding, well
            below, well above, well under, well over, far below, far above, good excuse, good
            reason, good reasons, good cause, good grounds, makes the most sense, make the most
            sense, makes most sense, make most sense, depending on their nature, depending on its
            nature, depending on the case, depending on circumstances, depending on the
            circumstances, depending on the situation, some extra, some additional, some further,
            unimportant, nearly, almost, wherever feasible, whenever feasible, hardly any, barely,
            scarcely, almost never, virtually, comparable, similar format, similar way, similar
            kind, a similar, concise, concisely, crisp, neat, neatly, tidy, natural, naturally,
            logical, logically, familiar, sophisticated, advanced, enhanced, improved, realistic,
            realistically, trustworthy, reputable, fair, balanced, generous, generously, affordable,
            cheap, cheaply, economical, economically, consistent, consistently, coherent,
            coherently, accurate, accurately, simple, simply, trivial, fun, enjoyable, exciting,
            motivating, encouraging, frustrating, annoying, confusing, distracting, overwhelming,
            cluttered, polite, politely, gentle, gently, discreet, discreetly, unobtrusive,
            unobtrusively, prominent, prominently, subtle, subtly, slightly, tasteful, moderate,
            moderately, tolerable, memorable, at a glance, hard to, difficult to, takes too long,
            take too long, wait too long, waits too long, too often, too much, most users, most of
            the time, most of them, nearly all, almost all, almost always, nearly always, some
            users, some cases, the majority of, approximately, approx, circa, special characters,
            normal use, normal operation, normal load, normal conditions, typical, typical use, just
            works, magically, where it makes sense, whenever it makes sense, in a good way, in a
            nice way, in a sensible way, in a suitable way, in an orderly way, in a clear way, of
            good quality, of high quality, to everyone's satisfaction, user experience, look and
            feel, first-class, enterprise-grade, production-ready, future-proof, self-evident,
            noticeably, worthwhile, valuable, with care, with ease, without problems, without
            problem, without any problems, without issues, without trouble, without difficulty,
            without hassle, where possible, does the right thing, do the right thing, sensible
            amount, handles it, handle it, deals with it, deal with it, dealt with, taken care of,
            takes care of, user-friendly, user friendly, customer-friendly, mobile-friendly,
            friendly, friendlier, intuitive, intuitively, easy, easily, easier, effortless,
            effortlessly, easy-to-use, convenient, conveniently, comfortable, comfortably,
            straightforward, self-explanatory, appropriate, appropriately, inappropriate, suitable,
            suitably, adequate, adequately, reasonable, reasonably, sensible, sensibly, sufficient,
            long enough, short enough, clear enough, often enough, soon enough, worth it, worth the
            effort, sufficiently, acceptable, acceptably, satisfactory, satisfactorily, decent, is
            good, are good, good enough, good performance, good experience, good usability, good
            results, good response, good level, good idea, a good user, good looking, great, nice,
            nicely, better quality, better performance, better experience, better results, better
            way, best possible, best quality, perfect result, ideal, optimal, optimally, optimised,
            optimized, perfectly, excellent, high-quality, high quality, good quality, world-class,
            best-in-class, state-of-the-art, state of the art, cutting-edge, modern, sleek,
            attractive, attractively, appealing, beautiful, beautifully, polished, professionally,
            professional look, elegant, elegantly, stylish, pleasant, delightful, engaging,
            compelling, eye-catching, robust, robustly, reliable, reliably, resilient,
            fault-tolerant, bulletproof, rock-solid, efficient, efficiently, effective, effectively,
            performant, high-performance, high-performing, scalable, scalably, scales well,
            flexible, flexibly, adaptable, extensible, configurable as needed, versatile, powerful,
            lightweight, seamless, seamlessly, smooth, smoothly, fluidly, frictionless, hassle-free,
            painless, graceful, gracefully, responsive, snappy, secure, securely, safely, sensitive
            data, bank-grade, military-grade, well-designed, well designed, well-organised,
            well-organized, well-structured, well-formatted, nicely formatted, well-behaved, well
            behaved, clean and simple, simple and clean, simple to use, simple to understand,
            understandable, comprehensible, legible, easily readable, poorly readable, and such
            like, the right way to, much later, much earlier, much longer, much more, much less, far
            more, far less, far too, meaningful, meaningfully, helpful, helpfully, useful, usefully,
            informative, descriptive, comprehensive, comprehensively, thorough, thoroughly,
            relevant, relevantly, irrelevant, interesting, important, significant, significantly,
            substantial, substantially, noticeable, considerable, considerably, drastically,
            dramatically, minimal, minimally, negligible, excessive, excessively, unreasonable,
            undue, unnecessary, unnecessarily, suspicious, suspiciously, unusual, unexpected,
            unexpectedly, abnormal, abnormally, proper, properly, improperly, correctly,
            accordingly, as expected, as one would expect, as you would expect, as usual, as normal,
            in the usual way, the usual way, in the normal way, works well, work well, working well,
            performs well, perform well, looks good, look good, looks nice, looks right, feels
            right, feels fast, feel fast, makes sense, make sense, common sense, intelligently,
            intelligent, smartly, clever, cleverly, careful, carefully, consistent look, sane,
            sanely, sane defaults, sensible defaults, best practice, best practices, industry
            standard, industry-standard, industry standards, best effort, best-effort, at its
            discretion, in good time, etc, etcetera, et cetera, and so on, and so forth, and the
            like, and others, and more, or such, or similar, and similar, or something similar, or
            the like, or equivalent, and other things, and other stuff, or whatever, and whatever,
            whatever works, stuff, among others, amongst others, including but not limited to, but
            not limited to, as needed, as required, as necessary, as appropriate, as applicable, as
            suitable, where needed, where required, where necessary, where appropriate, where
            applicable, where suitable, where relevant, where sensible, when needed, when necessary,
            when appropriate, when applicable, when suitable, if needed, if required, if necessary,
            if appropriate, if applicable, if relevant, whenever necessary, whenever needed,
            whenever appropriate, wherever necessary, wherever appropriate, as the case may be,
            depending on the situation, depending on circumstances, depending on the circumstances,
            depending on the case, under normal conditions, under normal circumstances, in normal
            circumstances, in most cases, in some cases, in certain cases, in certain situations, in
            certain circumstances, in special cases, exceptional circumstances, special
            circumstances, exceptional cases, extraordinary circumstances, other circumstances, in
            rare cases, under certain conditions, under certain circumstances, in general,
            generally, generally speaking, typically, usually, normally, ordinarily, mostly, mainly,
            for the most part, by and large, more or less, roughly, somewhat, fairly, rather long,
            quite, to some extent, to a large extent, various, a variety of, a range of, a wide
            range of, wide range, a number of, a lot of, lots of, plenty of, a couple of, a handful
            of, a bunch of, numerous, certain users, certain fields, certain files, certain roles,
            certain types, certain items, certain conditions, certain records, certain changes,
            around the turn of, meant for, no real difference, real difference, if need be, should
            the need arise, when the need arises, if the need arises, as the need arises, frugal,
            frugally, thrifty, economical, economically, sparing, gentle on, easy on, kind to, light
            on, look alike, looks alike, much alike, popular, well-known, all major, major browsers,
            major platforms, major formats, major devices, common formats, common file types, common
            types, common browsers, common errors, common cases, common image formats, common
            timestamp formats, common date formats, common file formats, the common formats, out of
            character, go best with, goes best with, go well with, fits best, fit best, suits best,
            matches best, keeps pace with, keep pace with, the main one, the main ones, much like,
            loyal friends, loyal customers, loyal members, loyal guests, valued customers, common
            devices, usual formats, standard formats, standard browsers, popular browsers, modern
            browsers, modern browser, recent browsers, current browsers, all browsers, all kinds of,
            all sorts of, all necessary, all needed, all relevant, all required data, the necessary,
            the needed, the usual, the right amount, the right format, the correct way, as good as,
            and/or, clear message, clear messages, clear error, clear errors, clear explanation,
            clear feedback, clear warning, clear hint, clear reason, clear instructions, clear
            notice, clear summary, clearly, hardly, good-looking, uncluttered, obvious, obvious way,
            extensive, extensively, ample, amply, plentiful, catchy, inviting, welcoming, soothing,
            calming, pleasing, pleasantly, handy, clean look, clean design, clean layout, easy on
            the eye, proportionate, plausible, questionable, dubious, sloppy, messy, fittingly,
            aptly, customary, mainstream, widespread, commonly used, widely used, rarely used,
            day-to-day, everyday use, as far as one can tell, in the best way, as best as, at its
            best, highest quality, top quality, good condition, good shape, in good order, good
            state, good manner, due care, diligently, prudent, prudently, wisely, judiciously,
            sparingly, thoughtfully, cautiously, stress-free, worry-free, trouble-free, foolproof,
            unbreakable, rock solid, is stable, are stable, remains stable, stays stable, up to
            scratch, up to standard, up to the mark, well-suited, best-suited, markedly, distinctly,
            decidedly, vastly, hugely, greatly, immensely, tremendously, remarkably, appreciably,
            perceptibly, imperceptibly, and suchlike, and such things, such things, and whatnot,
            among other things, amongst other things, to name a few, or something like that, and
            things like that, and stuff like that, in principle, as a rule, as a general rule,
            basically, essentially, practically, on the whole, so to speak, as it sees fit, as they
            see fit, sees fit, see fit, at their discretion, at the discretion of, or so,
            thereabouts, for good reason, good reasons, within reason, with due regard, too obvious,
            well understood, broadly, by common sense, sound judgement, user-centred,
            people-friendly, eye-friendly, painful, painfully, tedious, cumbersome, clumsy, awkward,
            awkwardly, neat and tidy, than it has to, than it must, than needed, than necessary,
            than required, in bad shape, in a bad state, approximate, key figures, key facts, all
            common, all usual, bad lines, bad connections, legitimate interest, legitimate reason,
            is fitting, are fitting, forgives, what nobody needs, really needed, bothers, bother
            the, fits best, suits best, fits the member best, fits the user best, fits them best, a
            bit longer, a bit shorter, a bit larger, a bit smaller, a bit more, a bit less, a little
            longer, a little more, a little less, a touch more, a tad more, plain words, simple
            words, own words, with grace, with tact, with caution, with style, with elegance, with
            humour, with sensitivity, with understanding, with a sense of, that matter, which
            matter, that matters, matter most, matters most, good feeling, bad feeling, a feeling
            of, good impression, good repair, bad taste, good taste, some degree, certain degree,
            certain extent, certain deviation, certain tolerance, small deviations, small deviation,
            small typos, small mistakes, small errors, small differences, little mistakes, slight,
            reads well, read well, works fine, work fine, looks fine, look fine, fits well, fit
            well, fits nicely, catches the eye, catch the eye, normal manner, usual manner, similar
            manner, right manner, same spirit, in the spirit of, seems right, seem right, seems fit,
            seems good, seems wrong, seems odd, seems best, adapts itself, adjusts itself, reacts to
            the situation, within limits, within certain limits, within reasonable limits, in
            keeping with, in accordance with the situation, most pressing, gentle on,
            human-friendly, sounds human, sound human, sounds natural, looks natural, strange
            entries, strange values, odd values, odd entries, weird, strange, up-to-the-minute, best
            boats, at best, best results, likes best, to a degree, to a certain, the essential, the
            essence, the main points, main points, at a comfortable, peace of mind, hiccups, hiccup,
            glitches, glitch, bumpy, snags, under unfavourable, favourable, unfavourable, serious
            problems, serious errors, severe problems, major problems, critical problems,
            decent-sized, presentable, respectable, credible, credibly, sound reasons, worthy,
            noteworthy, unremarkable, fresh look, timeless, unwieldy, digestible, befitting,
            hard-wearing, low-maintenance, maintenance-free, self-healing, foresight, tactful,
            tactfully, courteous, courteously, respectful, dignified, considerate, patiently,
            patient enough, lenient, leniently, strict enough, tolerant, forgiving, generous with,
            quality content, luxurious, exclusive look, sublime, spotless, flawless, flawlessly,
            immaculate, pristine, bug-free, mistake-free, without flaws, without glitches, without
            hiccups, without fuss, without friction, no-nonsense, no fuss, reasonable effort,
            reasonable time, without effort, little effort, with little effort, minimum of effort,
            minimum effort, minimum of clicks, few clicks, few steps, as few clicks, no unnecessary,
            nothing unnecessary, superfluous, redundant information, irrelevant information,
            sensible order, natural order, the best order, meaningful order, meaningful name,
            telling name, telling names, speaking names, expressive, to the point, snazzy, jazzy,
            funky, trendy, fashionable, up to the task, fit for purpose, fit for use, fit for the
            purpose, suited to, well suited, that suits, which suits, that fits the occasion, fits
            the occasion, fits the situation, fits the mood, fits the style, matches the style,
            matches the mood, match the mood, in harmony, harmonious, harmonise, harmonises,
            harmonically, balanced way, a healthy, healthy balance, good mix, the right mix, right
            balance, good balance, that members like, that users like, that people like, that
            customers like, which members like, which users like, that everybody likes, that
            everyone likes, kind to the eye, kind to older, easy on the nerves, for part of the way,
            for part of the time, for part of the day, as they like best, adapts to the situation,
            adapts to the user, adapts to circumstances, as discussed, been discussed, was
            discussed, were discussed, as talked about, do today, does today, work today, works
            today, as they are today, as it is today, did so far, right tone, right moment, right
            mood, right words, right feel, right note, wrong tone, all the functionality, necessary
            functionality, functionality needed, functionality required, all features needed,
            everything that is needed, everything needed, well before, well after, well ahead, spent
            a lot, spends a lot, buys a lot, orders a lot, reads a lot, uses it a lot, can be worked
            with, in its spirit, would expect, as one expects, as you expect, everything that is
            necessary, everything necessary, that is needed here, that is required here, good data,
            bad data, proper data
            """
    ),
)

# Each of these has a plain meaning, too: a great circle, a natural person, the page `Advanced`, an
# instant, an attempt to sign in.
IN_DOUBT = frozenset(
    phrases(
        """
        as it is today, bad lines, now and then, great, natural, fair, balanced, simple, simply,
        trivial, fun, advanced, improved, enhanced, familiar, moderate, tolerable, slight, slightly,
        subtle, prominent, discreet, unusual, unexpected, abnormal, suspicious, relevant,
        irrelevant, important, proper, correctly, careful, consistent, coherent, popular, obvious,
        handy, strange, weird, polished, responsive, smooth, safely, secure, valuable, gentle,
        generous, economical, cheap, affordable, comparable, noticeable, modern, clever,
        intelligent, sane, logical, is good, are good, too much, too often, the needed, the
        necessary, as expected, as usual, as normal, normal operation, normal use, normal load, a
        number of, a range of, or so, and more, and others, at best, light on, easy on, kind to, out
        of character, on the whole, in principle, as a rule, well below, well above, far below, far
        above, well before, well after, key figures, own words, special characters, sensitive data,
        main points, concise, crisp, neat, tidy, realistic, extensive, widespread, customary,
        plausible, questionable, superfluous, expressive, digestible, painful, clumsy, awkward,
        worthy, credible, lenient, tolerant, instant, a moment, a period of, for a time, recent,
        frequent, long-running, long running, up to date, up-to-date, after a delay, under load, far
        away, far apart, close together, nearby, peak load, rush hour, tries to, try to, attempt to,
        attempts to, seems to, seem to, close to the, close to a, if need be, resembles, resemble,
        without problems, without problem, without any problems, without issues, without trouble,
        merely
        """
    )
)

# In the sections that set the scene only the plainest are worth a word.
PLAINLY_VAGUE = frozenset(
    phrases(
        """
        user-friendly, user friendly, intuitive, intuitively, easy-to-use, easy to use, simple to
        use, seamless, seamlessly, robust, world-class, state-of-the-art, state of the art,
        cutting-edge, high-quality, best-in-class, etc, etcetera, et cetera, and so on, and so
        forth, and the like, the usual, as needed, as appropriate, performant, scalable, and/or
        """
    )
)

# An obligation that is none.
WEAK = phrases(
    """
    as a matter of course, should, shouldn't, ought to, ought not, oughtn't, had better, had best,
    would do well to, is well advised to, are well advised to, it would be wise, ideally,
    preferably, preferable, desirable, desirably, nice to have, nice-to-have, would be nice, would
    be good, would be great, would like, would appreciate, would be grateful, would be glad, would
    welcome, if possible, when possible, where possible, whenever possible, wherever possible, if at
    all possible, if feasible, where feasible, when feasible, if time permits, if time allows, if we
    have time, as far as possible, as much as possible, as soon as possible, as fast as possible, as
    quickly as possible, as early as possible, as often as possible, as little as possible, as short
    as possible, as simple as possible, as close as possible, as accurate as possible, as accurately
    as possible, as few as possible, to the extent possible, as practicable, where practicable, as
    far as practical, where practical, insofar as, in so far as, time permitting, circumstances
    permitting, budget permitting, resources permitting, weather permitting, might, would, maybe,
    perhaps, and possibly, or possibly, possibly also, can possibly, will possibly, possibly with,
    probably, hopefully, presumably, supposedly, likely, aims to, aim to, strives to, strive to,
    attempts its best, does its best, do its best, makes an effort, make an effort, make every
    effort, makes every effort, supposed to, try to, tries to, attempt to, attempts to, expected to,
    intended to, recommended, advisable, is encouraged, are encouraged, at some point, eventually,
    sooner or later, at a later date, optionally supports, could also, can optionally, could, might
    want, tries its best, try its best, tries hard, endeavours to, endeavors to, endeavour to, is
    meant to, are meant to, was meant to, is a plus, is a bonus, as a bonus, would not hurt, does
    not hurt, would be welcome, is optional, are optional, in the best case, if wanted, if desired,
    if wished, is negotiable, are negotiable, as a stretch, stretch goal, some day, someday, in the
    long run, with any luck, we hope, it is hoped, is to be hoped, all being well, if all goes well,
    if there is time, if there is money, if it is not too, if that is not too, if this is not too,
    unless it is too, as time allows, wish list, on the wish list, good to have, for preference
    """
)

# How fast, how often, how much: nothing to measure by.
SPEED = (
    *pairs(
        "short brief long little good certain limited longish some",
        "time while period moment delay wait pause interval stretch spell timeout span inactivity "
        "absence silence idleness",
    ),
    *phrases(
        """
    fast, quickly, rapidly, swiftly, speedily, promptly, prompt response, slowly, soon, shortly,
    shortly after, shortly before, not long after, not long before, drawing to a close, coming to an
    end, nearing its end, nears its end, draws to a close, about to end, about to close, timely,
    timely manner, in a timely manner, in real time, real-time, realtime, near real time, up to
    date, up-to-date, near real-time, near-real-time, without much of a delay, without much delay,
    without long delay, without great delay, without a long wait, instant, instantaneous,
    instantaneously, without delay, in no time, as soon as they can, without undue delay, without
    noticeable delay, without much delay, no delay, with little delay, low latency, low-latency,
    short delay, short time, short period, short while, short interval, short wait, short timeout,
    for long, long time, long period, long delay, long wait, long while, long-running, a period of,
    long running, take long, takes long, last long, lasts long, too long to load, some time, a
    while, a moment, for some time, after some time, after a while, after a time, after a delay,
    from time to time, for a time, briefly, for too long, lengthy, right away, straight away,
    frequent, frequently, infrequent, infrequently, often, regularly, at regular intervals,
    periodic, periodically, occasionally, sometimes, once in a while, rarely, seldom, now and then,
    every so often, at intervals, on a regular basis, recent, recently, high speed, high-speed,
    blazing, lightning-fast, near-instant, near-instantly, almost instantly, almost immediately,
    before long, in due course, in the near future, near future, every now and then, now and again,
    in a flash, in an instant, in a moment, at the earliest opportunity, earliest opportunity, at
    short notice, short notice, within moments, in moments, fraction of the time, for ages, for ever
    so long, lately
    """
    ),
)
# As adjectives these are as vague as "good", unless a time stands beside them.
FAST = phrases(
    """
    fast, faster, fastest, quick, rapid, swift, speedy, slow, too slow, too slowly
    """
)
# Of these some readers say that they are exact.
SPEED_IN_DOUBT = phrases("immediate, immediately, instantly")

_OF_SIZE = word_set(
    """
    file files image images photo photos picture pictures video videos upload uploads list lists
    number numbers amount amounts quantity quantities volume volumes dataset datasets data payload
    payloads input inputs document documents attachment attachments result results catalogue catalog
    table tables repository order orders request requests response responses message messages group
    groups team teams batch batches set sets directory directories folder folders archive archives
    report reports query queries log logs transfer transfers sum sums export exports import imports
    screen screens display displays customer customers portion audience audiences part parts
    portions doses pieces scale letter print font fonts lettering margin margins
    """
)
_OF_LENGTH = word_set(
    """
    text texts name names title titles message messages description descriptions comment comments
    string strings password passwords line lines note notes value values input inputs history
    """
)
_OF_RATE = word_set(
    """
    load traffic latency availability volume volumes number rate rates memory usage demand
    degree extent confidence probability certainty likelihood similarity performance throughput cost
    costs price prices quality resolution accuracy precision frequency bandwidth temperature
    temperatures pressure speed speeds value values amount amounts percentage risk flow flows
    """
)
_OF_MASS = word_set(
    """
    paper memory space time power energy water effort data traffic storage battery money work noise
    room cpu disk bandwidth fuel ink heat
    """
)


# Adjectives without a measure, each with the nouns that make it one; a word may stand between.
DEGREES: Mapping[str, frozenset[str]] = {
    **dict.fromkeys(
        ("small", "tiny"),
        _OF_SIZE - {"letter", "letters"},
    ),
    # `In capital and small letters` tells no size.
    **dict.fromkeys(("large", "big", "huge", "massive"), _OF_SIZE | {"letter", "letters", "type"}),
    **dict.fromkeys(("long", "short", "lengthy"), _OF_LENGTH),
    **dict.fromkeys(("high", "low", "heavy"), _OF_RATE),
    **dict.fromkeys(("many", "few", "several"), _OF_SIZE | word_set("users items entries records")),
    **dict.fromkeys(
        ("old", "stale"), word_set("entries records data logs files sessions messages backups")
    ),
    **dict.fromkeys(("little", "much"), _OF_MASS),
    **dict.fromkeys(("strong", "weak"), word_set("wind winds signal signals light current")),
    "limited": word_set("number amount time period set size"),
    **dict.fromkeys(
        ("minor", "major", "serious", "severe", "urgent", "trivial", "critical"),
        word_set(
            """
            inconsistencies inconsistency typos mistakes faults damage damages defects differences
            corrections edits incidents tickets cases requests orders matters complaints bugs
            violations messages reports findings letters calls
            """
        ),
    ),
}
SIZE = (
    *pairs(
        """
        far near close big small large wide narrow deep high low strong weak bright dark loud quiet
        quick fast slow early late soft warm cool thick thin heavy light rare precise sharp visible
        uniform even regular similar clean dry tidy stable fresh full empty old young strict safe
        simple flat smooth firm steady
        """,
        "enough",
    ),
    *phrases(
        """
    a few, a little, many times, too many times, under load, under heavy load, high-load, heavy use,
    heavily loaded, large-scale, at scale, big data, bulk amounts, a small number, a large number, a
    fair number, a good number, a great number, a great many, a good many, a great deal, a good
    deal, a fair amount, a certain amount, a certain number, a small amount, a large amount, dozens
    of, hundreds of, thousands of, tens of, well in advance, long in advance, far in advance, in
    small portions, in small steps, masses of, tons of, heaps of, countless, innumerable, far away,
    far apart, close together, nearby, busy times, busy periods, busy hours, peak load, peak
    traffic, peak times, peak hours, rush hour, rush hours, walking distance, in the vicinity,
    within easy reach, within earshot, at close range, close range, a short walk, short walk,
    stone's throw, arm's length, in the neighbourhood, in the surroundings, around the corner, some
    distance, far off, a long way, cycling distance, driving distance, striking distance, commuting
    distance, local area, off-peak hours, a tad, umpteen, a flood of, a multitude of, a good part
    of, a large part of, a small part of, the bulk of, most of the time
    """
    ),
)
