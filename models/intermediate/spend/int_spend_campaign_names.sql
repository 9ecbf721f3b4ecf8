-- One row is a campaign and a name that it has or had, with the last day on which it is known to have had it.
with

campaigns as (
    select * from {{ ref('int_canonical_campaigns') }}
),

ad_spend as (
    select * from {{ ref('int_canonical_ad_spend') }}
),

names as (
    select
        source_system,
        campaign_id,
        campaign_name,
        date_day as named_on,
        0 as is_described
    from ad_spend
    where campaign_name is not null
    union all
    -- what the platform says of its campaign is what it is called now
    select
        source_system,
        campaign_id,
        name as campaign_name,
        cast(null as date) as named_on,
        1 as is_described
    from campaigns
    where name is not null
),

by_name as (
    select
        {{ stable_key(['source_system', 'campaign_id']) }} as campaign_key,
        campaign_name,
        max(named_on) as named_on,
        max(is_described) as is_described
    from names
    group by source_system, campaign_id, campaign_name
),

ranked as (
    select
        campaign_key,
        campaign_name,
        row_number() over by_campaign = 1 as is_newest,
        named_on
    from by_name
    window by_campaign as (
        partition by campaign_key
        order by is_described desc, named_on desc nulls last, campaign_name
    )
)

select * from ranked
