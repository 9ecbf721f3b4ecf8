"""The seed of crawlers is the list's, and finds what the list finds."""

from __future__ import annotations

import crawleruseragents
import duckdb

from orchestration.configuration.context import PROJECT_ROOT
from seeds.make_crawlers import SEED, crawlers_csv, fragments

IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15"
CHROME = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/128.0.0.0"
PEOPLE = [
    f"Mozilla/5.0 (Linux; Android 14; SM-A155F) {CHROME} Mobile Safari/537.36",
    f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {CHROME} Safari/537.36",
    f"{IPHONE} Version/17.5 Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:130.0) Gecko/20100101 Firefox/130.0",
    f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {CHROME} Safari/537.36 Edg/128.0",
    f"Mozilla/5.0 (Linux; Android 13; CPH2421) {CHROME} SamsungBrowser/25.0 Mobile",
    f"{IPHONE} Mobile/15E148 Instagram 344.0.0.20.106",
    f"Mozilla/5.0 (Linux; Android 12; M2101K7AG) {CHROME} Mobile Safari/537.36 OPR/83.0",
]


def recognized(agents: list[str]) -> set[str]:
    """Those that the seed knows, as the model looks for them."""
    with duckdb.connect() as con:
        con.execute(f"create table crawlers as from read_csv('{SEED}', header = true, all_varchar = true)")
        found = con.execute(
            "select agent from (select unnest($1::varchar[]) as agent) as agents "
            "where exists (select 1 from crawlers where contains('^' || agent || '$', fragment))",
            [agents],
        )
        return {agent for (agent,) in found.fetchall()}


def test_the_seed_is_made_of_the_list_that_is_installed() -> None:
    assert SEED.read_text(encoding="utf-8") == crawlers_csv(), "run: python seeds/make_crawlers.py"
    assert SEED.is_relative_to(PROJECT_ROOT / "seeds" / "reference")


def test_every_example_of_the_list_is_recognized() -> None:
    examples = [agent for entry in crawleruseragents.CRAWLER_USER_AGENTS_DATA for agent in entry["instances"]]
    assert len(examples) > 2000
    assert recognized(examples) == set(examples)


def test_no_browser_of_people_is_one() -> None:
    assert recognized(PEOPLE) == set()


def test_a_regular_expression_is_spelled_out() -> None:
    assert fragments(r"Ahrefs(Bot|SiteAudit)") == ["AhrefsBot", "AhrefsSiteAudit"]
    assert fragments(r"[wW]get") == ["wget", "Wget"]
    assert fragments(r"^curl") == ["^curl"]
    assert fragments(r"Googlebot\/") == ["Googlebot/"]
    assert fragments(r"Mediapartners \(Googlebot\)") == ["Mediapartners (Googlebot)"]
    assert fragments(r"Chirp|gotosocial") == ["Chirp", "gotosocial"]
    assert fragments(r"Current[\s\S]*RSS Reader") == ["RSS Reader"]
