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

all_events as (
    select * from {{ ref('int_web_events') }}
),

-- once more, since a step that two others read would be kept whole
origins as (
    select * from {{ ref('int_web_events') }}
),

-- no more than what decides where a session begins: ten million rows are sorted by it;
-- whoever refused consent is nobody, beside whoever else had the browser
events as (
    select
        visitors.visitor_hash,
        all_events.event_id,
        all_events.tags,
        all_events.click_id,
        all_events.referrer_domain,
        all_events.is_refused,
        all_events.is_page_view,
        all_events.is_arrival,
        all_events.occurred_at,
        coalesce(spans.span_number, 0) as span_number
    from all_events
    inner join visitors
        on all_events.source_system = visitors.source_system and all_events.anonymous_id = visitors.anonymous_id
    left join spans
        on
            visitors.is_shared
            and not all_events.is_refused
            and all_events.source_system = spans.source_system
            and all_events.anonymous_id = spans.anonymous_id
            and {{ in_span('all_events.occurred_at', 'spans') }}
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
        partition by visitor_hash, is_refused
        order by occurred_at, event_id
    )
),

runs as (
    select
        *,
        sum(is_begun) over (
            partition by visitor_hash, is_refused
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
        partition by visitor_hash, is_refused, run_number, is_arrival
        order by occurred_at, event_id
    )
),

numbered as (
    select
        *,
        sum(is_another) over (
            partition by visitor_hash, is_refused, run_number
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
        max(case when is_start then event_id end) as first_event_id,
        max(case when is_origin then event_id end) as origin_event_id,

        count(*) as event_count,
        count(case when is_page_view then 1 end) as page_views,

        is_refused,

        min(occurred_at) as started_at,
        max(occurred_at) as ended_at
    from marked
    group by visitor_hash, is_refused, run_number, arrival_number
),

-- where it came from says the event by which it arrived, else the first one
described as (
    select
        {{ stable_key(["'session'", 'visitors.source_system', 'visitors.anonymous_id', 'sessions.first_event_id']) }}
            as session_key,
        {{ stable_key(["'visitor'", 'visitors.source_system', 'visitors.anonymous_id']) }} as visitor_key,
        sessions.visitor_hash,
        visitors.source_system,
        visitors.anonymous_id,
        sessions.first_event_id,

        origins.utm_source,
        origins.utm_medium,
        origins.utm_campaign,
        origins.utm_content,
        origins.utm_term,
        origins.utm_id,
        origins.click_id,
        origins.click_id_type,
        origins.referrer_host,
        origins.referrer_domain,
        origins.page_url as landing_page,

        sessions.event_count,
        sessions.page_views,

        sessions.is_refused,
        coalesce(origins.is_tagged, false) as is_tagged,

        sessions.started_at,
        sessions.ended_at
    from sessions
    inner join visitors
        on sessions.visitor_hash = visitors.visitor_hash
    inner join origins
        on
            visitors.source_system = origins.source_system
            and coalesce(sessions.origin_event_id, sessions.first_event_id) = origins.event_id
)

select * from described
