-- What the site's tracking saw of each visit, event by event.

-- landing pages by chance, in the order of the pages
create table landing_shares as
select
    path,
    sum(share) over (order by path) - share as from_share
from pages
where share > 0;

create table web_events as
with

numbered as (
    select
        visits.*,
        unnest(range(visits.page_views)) as n
    from visits
),

viewed as (
    select
        numbered.*,
        numbered.visit || '-' || numbered.n as event_id,
        -- at most four minutes for what lies before a form, and twelve in all
        numbered.started_at
        + to_seconds(
            cast(n * 45 + floor(40 * chance('pause', numbered.visit || '-' || numbered.n)) * least(n, 1) as bigint)
        ) as occurred_at
    from numbered
),

pathed as (
    select
        viewed.*,
        landing_shares.path
    from viewed
    asof join landing_shares
        on chance('page', viewed.event_id) >= landing_shares.from_share
),

page_views as (
    select
        event_id,
        visit,
        i,
        browser,
        occurred_at,
        'page_view' as event_name,
        'https://www.panduanpajak.example' || path || case
            when n = 0 then query
            -- a banner on our own site that somebody tagged like a campaign
            when n = 2 and chance('own tag', visit) < 0.004 then
                '?utm_source=website&utm_medium=banner&utm_campaign=promo'
            else ''
        end as page_url,
        case
            when n = 0 then nullif(referrer, '')
            -- back from the payment page or the login of somebody else's site
            when n = 1 and chance('comes back', visit) < 0.02 then
                pick(['https://app.midtrans.com/', 'https://accounts.google.com/'], 'from', visit)
            else 'https://www.panduanpajak.example/'
        end as referrer,
        -- on a borrowed computer one signs in
        case when n = 0 and is_borrowed then i end as known_as,
        null as properties,
        user_agent,
        country,
        refuses_consent,
        n = 2 and chance('own tag', visit) < 0.004 as is_own_tag
    from pathed
),

-- forms, downloads and the rest of what a definition speaks of
acts as (
    select
        'd' || deeds.deed as event_id,
        coalesce(visits.visit, asking.visit) as visit,
        deeds.i,
        coalesce(visits.browser, asking.browser) as browser,
        deeds.done_at as occurred_at,
        deeds.name as event_name,
        'https://www.panduanpajak.example' || case deeds.name
            when 'pricing_page_view' then '/harga'
            when 'webinar_attended' then '/webinar/bedah-coretax'
            when 'content_download' then '/panduan-lengkap-pajak-ukm'
            when 'product_usage' then '/kalkulator-pph'
            else '/demo'
        end as page_url,
        'https://www.panduanpajak.example/' as referrer,
        case when deeds.name != 'pricing_page_view' then deeds.i end as known_as,
        case
            when deeds.form is not null then to_json({ 'form': deeds.form })
            when deeds.usage_share is not null then to_json({ 'usage_share': deeds.usage_share })
        end as properties,
        coalesce(visits.user_agent, asking.user_agent) as user_agent,
        coalesce(visits.country, asking.country) as country,
        coalesce(visits.refuses_consent, asking.refuses_consent) as refuses_consent,
        false as is_own_tag
    from deeds
    left join visits
        on deeds.deed = visits.deed
    left join visits as asking
        on deeds.i = asking.i and asking.is_asking and deeds.is_at_once
),

-- the form by which somebody became a lead, with the fields that were filled in
forms as (
    select
        'f' || visits.encounter as event_id,
        visits.visit,
        visits.i,
        visits.browser,
        visits.started_at + interval 4 minute as occurred_at,
        'form_submit' as event_name,
        'https://www.panduanpajak.example/kontak' as page_url,
        'https://www.panduanpajak.example/' as referrer,
        visits.i as known_as,
        to_json(
            {
                'form': pick(['newsletter', 'contact', 'e-book'], 'form', visits.i),
                'role': people.role,
                'company': people.company
            }
        )
            as properties,
        visits.user_agent,
        visits.country,
        visits.refuses_consent,
        false as is_own_tag
    from visits
    inner join people
        on visits.i = people.i
    where
        visits.is_asking
        and not exists (select 1 from deeds where deeds.i = visits.i and deeds.is_at_once)
),

bots as (
    select
        visit || '-' || n as event_id,
        visit,
        null as i,
        browser,
        started_at + to_seconds(cast(n * 2 as bigint)) as occurred_at,
        'page_view' as event_name,
        'https://www.panduanpajak.example'
        || pick(['/', '/harga', '/blog/pph-final-umkm'], 'bot page', visit || n) as page_url,
        null as referrer,
        null as known_as,
        null as properties,
        user_agent,
        'US' as country,
        false as refuses_consent,
        false as is_own_tag
    from bot_visits
    cross join range(2) as numbers (n)
),

unioned as (
    from page_views
    union all by name
    from acts
    union all by name
    from forms
    union all by name
    from bots
)

select
    *,
    -- a phone without a network delivers later
    case
        when chance('late', event_id) < 0.04 then occurred_at + wait_days(1.5, 'late by', event_id) else occurred_at
    end as received_at
from unioned;
