"""Which channel a touch is of, by the shipped rules: Google's default channel group in its order, and ours."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import closedloop, query

CONFIGURATION = """\
reporting: {currency: IDR, time_zone: Asia/Jakarta}
reference: reference/
sources:
  crm:
    connector: files
    resources:
      leads: {path: leads.csv}
      touchpoints: {path: touchpoints.csv}
"""

# type, source, medium, campaign: channel and rule
CASES = {
    ("", "(direct)", "(none)", ""): ("direct", "ga4_direct"),
    ("", "(direct)", "", ""): ("direct", "direct_alone"),
    ("", "google", "cpc", "Cross-Network | Panduan"): ("cross_network", "ga4_cross_network"),
    ("", "shopify", "cpc", ""): ("paid_shopping", "ga4_paid_shopping"),
    ("", "anything", "cpc", "Shopping Juli"): ("paid_shopping", "ga4_paid_shopping"),
    # eshop is one, a workshop is none
    ("", "anything", "cpc", "eshop juli"): ("paid_shopping", "ga4_paid_shopping"),
    ("", "google", "cpc", "workshop pajak"): ("paid_search", "ga4_paid_search"),
    ("", "Google", "CPC", ""): ("paid_search", "ga4_paid_search"),
    ("", "bing", "ppc", ""): ("paid_search", "ga4_paid_search"),
    ("", "facebook", "retargeting", ""): ("paid_social", "ga4_paid_social"),
    ("", "instagram", "PaidSocial", ""): ("paid_social", "ga4_paid_social"),
    ("", "tiktok", "cpc", ""): ("paid_social", "ga4_paid_social"),
    ("", "youtube", "video-cpc", ""): ("paid_video", "ga4_paid_video"),
    ("", "dfa", "cpm", ""): ("display", "ga4_display"),
    ("", "kompas", "banner", ""): ("display", "ga4_display"),
    ("", "kompas", "paid-article", ""): ("paid_other", "ga4_paid_other"),
    ("", "etsy.com", "referral", ""): ("organic_shopping", "ga4_organic_shopping"),
    ("", "koran", "print", "toko shop"): ("organic_shopping", "ga4_organic_shopping"),
    ("", "linkedin.com", "referral", ""): ("organic_social", "ga4_organic_social"),
    ("", "komunitas", "social network", ""): ("organic_social", "ga4_organic_social"),
    ("", "vimeo", "referral", ""): ("organic_video", "ga4_organic_video"),
    ("", "tv", "video-sponsor", ""): ("organic_video", "ga4_organic_video"),
    ("", "duckduckgo", "referral", ""): ("organic_search", "ga4_organic_search"),
    ("", "mesin", "organic", ""): ("organic_search", "ga4_organic_search"),
    ("", "asosiasi.example", "referral", ""): ("referral", "ga4_referral"),
    ("", "aplikasi", "app", ""): ("referral", "ga4_referral"),
    ("", "newsletter", "e-mail", ""): ("email", "ga4_email"),
    ("", "E mail", "kabar", ""): ("email", "ga4_email"),
    ("", "penulis", "affiliate", ""): ("affiliates", "ga4_affiliates"),
    ("", "spotify", "audio", ""): ("audio", "ga4_audio"),
    ("", "sms", "promo", ""): ("sms", "ga4_sms"),
    ("", "aplikasi", "sms", ""): ("sms", "ga4_sms"),
    ("", "aplikasi", "web-push", ""): ("mobile_push", "ga4_mobile_push"),
    ("", "aplikasi", "in-app notification", ""): ("mobile_push", "ga4_mobile_push"),
    ("", "firebase", "x", ""): ("mobile_push", "ga4_mobile_push"),
    ("", "whatsapp", "social", ""): ("whatsapp", "whatsapp"),
    ("", "wa.me", "referral", ""): ("whatsapp", "whatsapp"),
    ("", "bot", "whatsapp", ""): ("whatsapp", "whatsapp"),
    ("whatsapp", "meta", "cpc", ""): ("whatsapp", "whatsapp_enquiry"),
    ("", "chatgpt.com", "referral", ""): ("ai_assistant", "ai_assistant"),
    ("", "perplexity.ai", "organic", ""): ("ai_assistant", "ai_assistant"),
    ("", "tokopedia.com", "referral", ""): ("marketplace", "marketplace"),
    ("", "shopee", "cpc", ""): ("paid_shopping", "paid_marketplace"),
    ("", "instagram", "influencer", ""): ("influencer", "influencer"),
    ("", "tiktok", "KOL", ""): ("influencer", "influencer"),
    ("", "pameran ukm", "offline-event", ""): ("offline_event", "offline_event"),
    ("event", "google", "cpc", ""): ("offline_event", "event_attended"),
    ("", "konsultan", "partner", ""): ("partner", "partner"),
    ("", "rani", "cold call", ""): ("outbound_sales", "outbound_sales"),
    ("", "mail.google.com", "referral", ""): ("email", "email_site"),
    ("lead_ad", "formulir", "isian", ""): ("paid_social", "lead_ad"),
    ("", "koran", "print", ""): ("unknown", "not_listed"),
    # the company's own rule goes before them all
    ("", "google", "radio", ""): ("audio", "spots"),
    ("", "facebook", "cpc", "Radio Juli"): ("audio", "spots"),
}


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[str, str]]:
    """Channel and rule of each touch, by its place in CASES."""
    company = tmp_path_factory.mktemp("origins")
    (company / "closedloop.yml").write_text(CONFIGURATION)
    (company / "reference").mkdir()
    (company / "reference" / "company_channel_rules.csv").write_text(
        "position,rule,channel,touch_type,source_category,source,medium,campaign\n"
        "1,spots,audio,,,,radio,\n2,spots,audio,,social,,,.*radio.*\n"
    )
    (company / "leads.csv").write_text("lead_id,created_at\n1,2026-03-01\n")
    lines = [
        f'{place},1,2026-03-02,"{type_}","{source}","{medium}","{campaign}"'
        for place, (type_, source, medium, campaign) in enumerate(CASES)
    ]
    (company / "touchpoints.csv").write_text(
        "\n".join(["touchpoint_id,lead_id,occurred_at,type,source,medium,campaign", *lines])
    )
    closedloop("run", "--config", company / "closedloop.yml", "--as-of", "2026-04-01", "--data", company / "data")
    rows = query(company / "data", "select touchpoint_id, channel, channel_rule from marts.fct_touchpoints")
    return {place: (channel, rule) for place, channel, rule in rows}


@pytest.mark.parametrize(("place", "case"), list(enumerate(CASES)))
def test_a_touch_is_of_the_channel_of_the_first_rule_that_holds(
    found: dict[str, tuple[str, str]], place: int, case: tuple[str, str, str, str]
) -> None:
    assert found[str(place)] == CASES[case]


def test_every_touch_has_one(found: dict[str, tuple[str, str]]) -> None:
    assert len(found) == len(CASES)


def test_a_rule_that_is_no_regular_expression_is_told_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "closedloop.yml").write_text(CONFIGURATION)
    (tmp_path / "reference").mkdir()
    (tmp_path / "reference" / "company_channel_rules.csv").write_text(
        "position,rule,channel,touch_type,source_category,source,medium,campaign\n1,spots,audio,,,(direct,,\n"
    )
    (tmp_path / "leads.csv").write_text("lead_id,created_at\n1,2026-03-01\n")
    (tmp_path / "touchpoints.csv").write_text("touchpoint_id,lead_id,occurred_at\n1,1,2026-03-02\n")
    told = closedloop("run", "--config", tmp_path / "closedloop.yml", "--data", tmp_path / "data", expect=1)
    assert "company_channel_rules.csv, line 2" in told.stderr + told.stdout
    assert "'(direct' is no regular expression" in told.stderr + told.stdout
