-- One row is an event of a browser that no machine drove, with what it arrived by: a campaign's tags, an ad's click, or
-- a page of somebody else's.
{{ config(materialized='view') }}

with

events as (
    select * from {{ ref('int_canonical_web_events') }}
),

crawlers as (
    select * from {{ ref('int_web_crawlers') }}
),

referrers as (
    select * from {{ ref('int_web_referrers') }}
    where is_origin
),

described as (
    select
        events.source_system,
        events.event_id,
        events.anonymous_id,
        events.user_id,
        events.email_hash,
        events.event_hash,
        events.batch_hash,

        events.event_name,
        events.page_url,
        {{ given_text('events.utm_source') }} as utm_source,
        {{ given_text('events.utm_medium') }} as utm_medium,
        {{ given_text('events.utm_campaign') }} as utm_campaign,
        {{ given_text('events.utm_content') }} as utm_content,
        {{ given_text('events.utm_term') }} as utm_term,
        events.utm_id,
        coalesce(
            events.gclid, events.gbraid, events.wbraid, events.dclid, events.msclkid, events.ttclid, events.li_fat_id,
            events.ctwa_clid, events.fbclid
        ) as click_id,
        case
            when events.gclid is not null then 'gclid'
            when events.gbraid is not null then 'gbraid'
            when events.wbraid is not null then 'wbraid'
            when events.dclid is not null then 'dclid'
            when events.msclkid is not null then 'msclkid'
            when events.ttclid is not null then 'ttclid'
            when events.li_fat_id is not null then 'li_fat_id'
            when events.ctwa_clid is not null then 'ctwa_clid'
            when events.fbclid is not null then 'fbclid'
        end as click_id_type,
        case when coalesce(events.referrer_domain != events.page_domain, true) then referrers.referrer_host end
            as referrer_host,
        case when coalesce(events.referrer_domain != events.page_domain, true) then referrers.referrer_domain end
            as referrer_domain,

        events.is_tagged,
        coalesce(not events.consent, false) as is_refused,
        coalesce(lower(events.event_name) in ('page_view', 'page', 'pageview'), false) as is_page_view,

        events.occurred_at
    from events
    left join crawlers
        on events.user_agent = crawlers.user_agent
    left join referrers
        on events.referrer_host = referrers.referrer_host
    where crawlers.user_agent is null and not coalesce(events.is_bot, false)
),

arrived as (
    select
        *,
        -- how a campaign is tagged, in one text; case makes no difference
        case
            when coalesce(utm_source, utm_medium, utm_campaign, utm_id) is not null
            then lower(concat_ws('|', utm_source, utm_medium, utm_campaign, utm_id))
        end as tags,
        coalesce(utm_source, utm_medium, utm_campaign, utm_id, click_id, referrer_host) is not null as is_arrival
    from described
)

select * from arrived
