"""The words of headers, stages and outcomes."""

from __future__ import annotations

import pytest

from orchestration.agreement.stages import STAGES
from orchestration.proposal.vocabulary import headers as known_headers
from orchestration.proposal.vocabulary import outcome_of, stage_of, words

# --- words


@pytest.mark.parametrize(
    ("header", "found"),
    [
        ("Amount spent (IDR)", "amount spent"),
        ("dealId", "deal id"),
        ("Associated Contact IDs", "associated contact ids"),
        ("Is Deal Closed?", "is deal closed"),
        ("Data de criação", "data de criacao"),
        ("MQLDate", "mql date"),
        ("no_hp", "no hp"),
    ],
)
def test_headers_become_words(header: str, found: str) -> None:
    assert words(header) == tuple(found.split())


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        ("marketingqualifiedlead", "mql"),
        ("Marketing Qualified - warm", "mql"),
        ("SQL", "sql"),
        ("Closed - Not Converted", "disqualified"),
        ("Not Qualified", "disqualified"),
        ("Batal", "disqualified"),
        ("Nurturing (Q3)", "recycled"),
        ("Baru", "lead"),
        ("Partner", None),
        ("", None),
    ],
)
def test_stages_of_other_names(theirs: str, ours: str | None) -> None:
    assert stage_of(theirs) == ours


@pytest.mark.parametrize("stage", STAGES)
def test_our_own_stages_are_themselves(stage: str) -> None:
    assert stage_of(stage) == stage_of(stage.upper()) == stage


def test_outcomes() -> None:
    assert [outcome_of(text) for text in ("Closed Won", "closedlost", "Kalah", "Deal", "Deal review")] == [
        True,
        False,
        False,
        True,
        None,
    ]


@pytest.mark.parametrize(
    ("entity", "column", "headers"),
    [
        ("leads", "lead_id", "ID Prospek|Kode Pelanggan|Id Rekaman"),
        ("leads", "created_at", "Tanggal Chat|Dibuat Pada|Tgl Masuk"),
        ("leads", "phone", "No. HP Pelanggan|Nomor Ponsel|No WA"),
        ("leads", "source", "Sumber Informasi|Sumber Prospek|Asal Lead"),
        ("leads", "stage", "Tahapan|Status Prospek|Progres"),
        ("leads", "owner", "Nama PIC|Pemilik Prospek|Penanggung Jawab"),
        ("deals", "deal_id", "No Transaksi|No. Kontrak|ID Kesepakatan"),
        ("deals", "amount", "Nilai Kontrak|Total Bayar|Omzet"),
        ("deals", "closed_at", "Tgl Lunas|Tanggal Penutupan|Tanggal Closing"),
        ("deals", "lost_reason", "Alasan Kalah|Alasan Tidak Jadi|Alasan Batal"),
        ("orders", "order_id", "No. Pesanan|Nomor Invoice|Kode Pesanan"),
        ("orders", "ordered_at", "Waktu Pesanan Dibuat|Tanggal Pembayaran|Tanggal Pesanan"),
        ("ad_spend", "spend", "Biaya|Jumlah yang dibelanjakan|Total Dibelanjakan"),
        ("exchange_rates", "rate", "Kurs|Nilai Tukar|Kurs Tengah"),
    ],
)
def test_indonesian_headers_are_known_as_english_ones_are(entity: str, column: str, headers: str) -> None:
    known = known_headers(entity, column)
    assert [header for header in headers.split("|") if words(header) not in known] == []


@pytest.mark.parametrize(
    ("value", "outcome"),
    [
        *[("Menang", True), ("Lunas", True), ("Selesai", True), ("Kalah", False), ("Batal", False), ("Ditolak", False)],
        *[("Proses", None), ("Tidak Menentu", None)],
    ],
)
def test_indonesian_outcomes(value: str, outcome: bool | None) -> None:
    assert outcome_of(value) is outcome
