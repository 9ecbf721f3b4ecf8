-- One row is a session of a browser: events without a longer silence between them, of one person, that arrived in one
-- way. Visits of a browser that is as it was stay.
{{ config(materialized='incremental', meta={'stamp': 'visitor_hash', 'stamps_of': 'int_web_visitors'}) }}

with

visitors as (
    select *
    from {{ ref('int_web_visitors') }}
    {% if carries_on() %}
    where visitor_hash not in (select visitor_hash from {{ this }})
    {% endif %}
),

spans as (
    select * from {{ ref('int_web_spans') }}
    where is_shared
),

-- whoever refused consent is nobody, beside whoever else had the browser
events as (
    select
        visitors.visitor_hash,
        events.source_system,
        events.anonymous_id,
        events.event_id,
        events.page_url,
        events.tags,
        events.click_id,
        events.click_id_type,
        events.referrer_host,
        events.referrer_domain,
        events.utm_source,
        events.utm_medium,
        events.utm_campaign,
        events.utm_content,
        events.utm_term,
        events.utm_id,
        events.is_tagged,
        events.is_refused,
        events.is_page_view,
        events.is_arrival,
        events.occurred_at,
        coalesce(spans.span_number, 0) as span_number
    from {{ ref('int_web_events') }} as events
    inner join visitors
        on events.source_system = visitors.source_system and events.anonymous_id = visitors.anonymous_id
    left join spans
        on
            visitors.is_shared
            and not events.is_refused
            and events.source_system = spans.source_system
            and events.anonymous_id = spans.anonymous_id
            and (spans.starts_after is null or date_trunc('second', events.occurred_at) > spans.starts_after)
            and (spans.ends_at is null or date_trunc('second', events.occurred_at) <= spans.ends_at)
),

begun as (
    select
        *,
        case
            when
                lag(occurred_at) over by_browser is null
                or {{ epoch_micros('occurred_at') }} - {{ epoch_micros('lag(occurred_at) over by_browser') }}
                > {{ var('session_timeout_minutes') }} * cast(60000000 as bigint)
                or lag(span_number) over by_browser != span_number
            then 1
            else 0
        end as is_begun
    from events
    window by_browser as (
        partition by source_system, anonymous_id, is_refused
        order by occurred_at, event_id
    )
),

runs as (
    select
        *,
        sum(is_begun) over (
            partition by source_system, anonymous_id, is_refused
            order by occurred_at, event_id
            rows between unbounded preceding and current row
        ) as run_number
    from begun
),

-- an arrival is another one where it contradicts the one before it, or has nothing in common with it
arrivals as (
    select
        *,
        case
            when is_begun = 1 or not is_arrival or lag(event_id) over by_run is null then 0
            when tags != lag(tags) over by_run then 1
            when click_id != lag(click_id) over by_run then 1
            when referrer_domain != lag(referrer_domain) over by_run then 1
            when
                coalesce(tags = lag(tags) over by_run, false)
                or coalesce(click_id = lag(click_id) over by_run, false)
                or coalesce(referrer_domain = lag(referrer_domain) over by_run, false)
            then 0
            else 1
        end as is_another,
        is_arrival and lag(event_id) over by_run is null as is_first_arrival
    from runs
    window by_run as (
        partition by source_system, anonymous_id, is_refused, run_number, is_arrival
        order by occurred_at, event_id
    )
),

numbered as (
    select
        *,
        sum(is_another) over (
            partition by source_system, anonymous_id, is_refused, run_number
            order by occurred_at, event_id
            rows between unbounded preceding and current row
        ) as arrival_number
    from arrivals
),

marked as (
    select
        *,
        is_begun = 1 or is_another = 1 as is_start,
        is_first_arrival or is_another = 1 as is_origin
    from numbered
),

sessions as (
    select
        visitor_hash,
        source_system,
        anonymous_id,
        max(case when is_start then event_id end) as first_event_id,

        max(case when is_origin then utm_source end) as utm_source,
        max(case when is_origin then utm_medium end) as utm_medium,
        max(case when is_origin then utm_campaign end) as utm_campaign,
        max(case when is_origin then utm_content end) as utm_content,
        max(case when is_origin then utm_term end) as utm_term,
        max(case when is_origin then utm_id end) as utm_id,
        max(case when is_origin then click_id end) as click_id,
        max(case when is_origin then click_id_type end) as click_id_type,
        max(case when is_origin then referrer_host end) as referrer_host,
        max(case when is_origin then referrer_domain end) as referrer_domain,
        coalesce(max(case when is_origin then page_url end), max(case when is_start then page_url end)) as landing_page,

        count(*) as event_count,
        count(case when is_page_view then 1 end) as page_views,

        is_refused,
        coalesce(max(case when is_origin then is_tagged end), false) as is_tagged,

        min(occurred_at) as started_at,
        max(occurred_at) as ended_at
    from marked
    group by visitor_hash, source_system, anonymous_id, is_refused, run_number, arrival_number
),

keyed as (
    select
        {{ stable_key(["'session'", 'source_system', 'anonymous_id', 'first_event_id']) }} as session_key,
        {{ stable_key(["'visitor'", 'source_system', 'anonymous_id']) }} as visitor_key,
        *
    from sessions
)

select * from keyed
