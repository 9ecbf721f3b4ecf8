-- One row is a campaign, with what it cost and how many touches carry it: visits of anybody, and touches of other
-- types.
with

campaigns as (
    select * from {{ ref('int_spend_campaigns') }}
),

daily as (
    select * from {{ ref('int_spend_daily') }}
),

touches as (
    select * from {{ ref('int_journey_touches') }}
    where campaign_key is not null
),

costs as (
    select
        campaign_key,
        sum(spend_reporting) as spend
    from daily
    group by campaign_key
),

carried as (
    select
        campaign_key,
        count(*) as touch_count
    from touches
    group by campaign_key
),

counted as (
    select
        campaigns.campaign_key,
        campaigns.platform,
        campaigns.platform_campaign_id,
        campaigns.campaign_name,
        campaigns.channel,
        campaigns.first_seen_date,
        campaigns.last_seen_date,
        {{ letters_of('campaigns.campaign_name') }} as letters,

        costs.spend,

        coalesce(carried.touch_count, 0) as touch_count
    from campaigns
    left join costs
        on campaigns.campaign_key = costs.campaign_key
    left join carried
        on campaigns.campaign_key = carried.campaign_key
)

select * from counted
