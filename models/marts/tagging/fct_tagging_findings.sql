with

campaign_findings as (
    select * from {{ ref('int_tagging_campaign_findings') }}
),

visit_findings as (
    select * from {{ ref('int_tagging_visit_findings') }}
),

findings as (
    select * from campaign_findings
    union all
    select * from visit_findings
),

final as (
    select
        {{ stable_key(['finding', 'campaign_key', 'channel', 'found', 'fix']) }} as finding_key,
        campaign_key,

        finding,
        channel,
        found,
        fix,

        cast(visits as bigint) as visits,
        cast(spend as decimal(18, 2)) as spend,

        first_seen_date,
        last_seen_date
    from findings
)

select * from final
