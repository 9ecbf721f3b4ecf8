-- One row is a way in which a link on the company's own pages was tagged like a campaign: whoever follows it seems to
-- come anew, and where they came from is lost.
with

events as (
    select * from {{ ref('int_canonical_web_events') }}
    where is_tagged
),

own_hosts as (
    select * from {{ ref('int_web_referrers') }}
    where is_own
),

run_settings as (
    select * from {{ ref('stg_closedloop__run_settings') }}
),

links as (
    select
        events.utm_source,
        events.utm_medium,
        events.utm_campaign,
        count(*) as visits,
        min({{ local_date('events.occurred_at', 'run_settings.reporting_time_zone') }}) as first_seen_date,
        max({{ local_date('events.occurred_at', 'run_settings.reporting_time_zone') }}) as last_seen_date
    from events
    cross join run_settings
    left join own_hosts
        on events.referrer_host = own_hosts.referrer_host
    where own_hosts.referrer_host is not null or events.referrer_domain = events.page_domain
    group by events.utm_source, events.utm_medium, events.utm_campaign
)

select * from links
