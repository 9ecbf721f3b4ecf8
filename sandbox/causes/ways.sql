-- The ways by which somebody meets the company. `weight` is a way's share of encounters while it runs; `interest` and
-- `conviction` the chance that an encounter moves somebody to ask, and to buy; `seen_only` the share of encounters that
-- are seen and not clicked. Who can be met: anybody, `visitors` of the site, or `leads`.
create table ways as
with

given (
    way,
    channel,
    platform,
    campaign_id,
    campaign,
    initiative,
    objective,
    daily_budget,
    first_day,
    last_day,
    trace,
    meets,
    weight, seen_only, interest, conviction
) as (
    values
    (
        'organic',
        'organic_search',
        null,
        null,
        null,
        null,
        null,
        0,
        null,
        null,
        'visit',
        'anybody',
        30,
        0.0,
        0.30,
        0.030
    ),
    (
        'assistant',
        'ai_assistant',
        null,
        null,
        null,
        null,
        null,
        0,
        date '2025-06-01',
        null,
        'visit',
        'anybody',
        4,
        0.0,
        0.34,
        0.045
    ),
    ('association', 'referral', null, null, null, null, null, 0, null, null, 'visit', 'anybody', 5, 0.0, 0.36, 0.055),
    ('social', 'organic_social', null, null, null, null, null, 0, null, null, 'visit', 'anybody', 9, 0.3, 0.16, 0.010),
    ('direct', 'direct', null, null, null, null, null, 0, null, null, 'visit', 'anybody', 8, 0.0, 0.10, 0.000),
    ('partner', 'partner', null, null, null, null, null, 0, null, null, 'partner', 'anybody', 2, 0.0, 0.60, 0.080),
    ('expo', 'offline_event', null, null, null, null, null, 0, null, null, 'event', 'anybody', 2, 0.0, 0.45, 0.030),
    (
        'search', 'paid_search', 'google_ads', '20118450011', 'Search - Software Pajak', null, 'leads',
        210000, null, null, 'visit', 'anybody', 15, 0.0, 0.34, 0.060
    ),
    (
        'efaktur', 'paid_search', 'google_ads', '20118450012', 'Search - e-Faktur', null, 'leads',
        120000, date '2025-03-01', null, 'visit', 'anybody', 9, 0.0, 0.30, 0.040
    ),
    (
        'youtube', 'paid_video', 'google_ads', '20118450013', 'YouTube - #LaporPajakTenang', '#LaporPajakTenang',
        'awareness', 110000, date '2025-01-06', null, 'visit', 'anybody', 9, 0.7, 0.14, 0.035
    ),
    (
        'ebook',
        'paid_social',
        'meta_ads',
        '23850011223340001',
        'E-book Panduan Lengkap Pajak untuk UKM',
        null,
        'leads',
        150000, date '2024-12-01', null, 'lead_ad', 'anybody', 13, 0.2, 0.42, 0.012
    ),
    (
        'calm_meta', 'paid_social', 'meta_ads', '23850011223340003', 'LaporPajakTenang | Reels', '#LaporPajakTenang',
        'traffic', 70000, date '2025-01-06', null, 'visit', 'anybody', 7, 0.4, 0.16, 0.020
    ),
    (
        'resto', 'paid_social', 'meta_ads', '23850011223340004', 'Kasir & Pajak Resto', null, 'leads',
        60000, date '2025-06-20', date '2025-10-15', 'visit', 'anybody', 10, 0.0, 0.50, 0.002
    ),
    (
        'chat', 'whatsapp', 'meta_ads', '23850011223340005', 'Chat Konsultan Pajak', null, 'messages',
        60000, date '2025-04-01', null, 'chat', 'anybody', 5, 0.1, 0.55, 0.030
    ),
    (
        'retargeting', 'paid_social', 'meta_ads', '23850011223340002', 'Retargeting Harga', null, 'conversions',
        60000, date '2025-02-01', null, 'visit', 'visitors', 7, 0.5, 0.10, 0.025
    ),
    (
        'tiktok', 'paid_social', 'tiktok_ads', '1790022334455001', 'Pajak 60 Detik', null, 'traffic',
        90000, date '2025-02-01', null, 'visit', 'anybody', 10, 0.5, 0.12, 0.006
    ),
    (
        'calm_tiktok', 'paid_social', 'tiktok_ads', '1790022334455002', '#laporpajaktenang_tiktok', '#LaporPajakTenang',
        'traffic', 40000, date '2025-07-01', null, 'visit', 'anybody', 4, 0.5, 0.12, 0.012
    ),
    (
        'linkedin', 'paid_social', 'linkedin_ads', '610044771', 'Direktur Keuangan', null, 'leads',
        110000, date '2025-05-01', null, 'visit', 'anybody', 4, 0.1, 0.40, 0.090
    ),
    ('newsletter', 'email', null, null, 'Kabar Pajak', null, null, 0, null, null, 'visit', 'leads', 12, 0.0, 0, 0.020),
    (
        'webinar',
        'offline_event',
        null,
        null,
        'Bedah Coretax',
        null,
        null,
        0,
        null,
        null,
        'webinar',
        'leads',
        7,
        0.0,
        0,
        0.050
    )
)

select
    given.* replace (
        greatest(coalesce(given.first_day, calendar.first_day), calendar.first_day) as first_day,
        coalesce(given.last_day, cast(calendar.ends_at as date)) as last_day,
        given.interest * case when platform is null then 1 else world.interest end as interest,
        0.65 * given.conviction * case when platform is null then 1 else world.conviction end as conviction
    ),
    channel = 'paid_video' or way in ('calm_meta', 'tiktok', 'calm_tiktok') as is_video,
    channel = 'paid_search' and world.search_needs_video as needs_video,
    trace in ('visit', 'lead_ad', 'chat', 'event', 'partner') and meets = 'anybody' as can_ask
from given
cross join calendar
cross join world;
