-- One row is a session with whose it was and where it came from: what its address was tagged with, else the click of an
-- ad, else what a system derived, else the page before it, else its campaign alone.
{{ config(materialized='view') }}

with

sessions as (
    select * from {{ ref('int_web_sessions') }}
),

spans as (
    select * from {{ ref('int_web_spans') }}
),

referrers as (
    select * from {{ ref('int_web_referrers') }}
    where is_origin
),

click_ids as (
    select * from {{ ref('click_ids') }}
),

owned as (
    select
        sessions.*,
        spans.lead_key,
        -- what analytics make of a visit that nobody tagged
        (
            not sessions.is_tagged
            and coalesce(lower(sessions.utm_medium), 'referral') in ('organic', 'referral')
        ) as is_derived
    from sessions
    left join spans
        on
            not sessions.is_refused
            and sessions.source_system = spans.source_system
            and sessions.anonymous_id = spans.anonymous_id
            and {{ in_span('sessions.started_at', 'spans') }}
),

-- which of the four says it
told as (
    select
        *,
        case
            when not is_derived and coalesce(utm_source, utm_medium) is not null then 'tags'
            when click_id is not null then 'click'
            when coalesce(utm_source, utm_medium) is not null then 'tags'
            when referrer_host is not null then 'referrer'
            when coalesce(utm_campaign, utm_id) is not null then 'campaign'
            else 'nothing'
        end as told_by
    from owned
),

touches as (
    select
        told.session_key as touchpoint_key,
        told.source_system,
        told.first_event_id as touchpoint_id,
        told.lead_key,
        told.utm_id as campaign_id,
        told.click_id,
        told.click_id_type,

        'session' as touch_type,
        cast(null as string) as channel,
        case told.told_by
            when 'tags' then coalesce(told.utm_source, click_ids.source, referrers.source)
            when 'click' then click_ids.source
            when 'referrer' then referrers.source
            when 'nothing' then '(direct)'
        end as source,
        case told.told_by
            when 'tags'
            then
                coalesce(
                    told.utm_medium,
                    case when lower(told.utm_source) = click_ids.source then click_ids.medium end
                )
            when 'click' then click_ids.medium
            when 'referrer' then case when referrers.source_category = 'search' then 'organic' else 'referral' end
            when 'nothing' then '(none)'
        end as medium,
        told.utm_campaign as campaign,
        told.utm_content as content,
        told.utm_term as term,
        told.landing_page,
        told.referrer_host as referrer,

        -- the campaign knows better what kind of ad it was
        told.told_by in ('click', 'campaign') as is_told_by_campaign,

        told.started_at as touched_at,
        told.ended_at,

        -- what a browser did is in the hash of its visitor, and whose it was then is beside it
        {{ row_hash(['told.session_key', 'told.visitor_hash', 'told.lead_key']) }} as arrival_hash
    from told
    left join click_ids
        on told.click_id_type = click_ids.click_id_type
    left join referrers
        on told.referrer_host = referrers.referrer_host
)

select * from touches
