-- One row is a marketing touch with its channel and campaign, and the rule that chose each. The many rows of the paths
-- know it by its number, which is shorter than its key and in the same order.
with

imported_touches as (
    select * from {{ ref('int_journey_imported_touches') }}
),

lead_source_touches as (
    select * from {{ ref('int_journey_lead_source_touches') }}
),

leads as (
    select * from {{ ref('int_journey_leads') }}
),

campaigns as (
    select * from {{ ref('int_spend_campaigns') }}
),

campaign_names as (
    select * from {{ ref('int_spend_campaign_names') }}
),

channels as (
    select * from {{ ref('channels') }}
),

source_channels as (
    select * from {{ ref('lead_source_channels') }}
),

touches as (
    select * from imported_touches
    union all
    select * from lead_source_touches
),

-- by themselves, since sorting or keeping whole rows would cost five times as much
keys as (
    select touchpoint_key from imported_touches
    union all
    select touchpoint_key from lead_source_touches
),

numbered as (
    select
        touchpoint_key,
        row_number() over (order by touchpoint_key) as touch_number
    from keys
),

campaigns_by_id as (
    select
        platform_campaign_id,
        min(campaign_key) as campaign_key
    from campaigns
    group by platform_campaign_id
    having count(*) = 1
),

campaigns_by_name as (
    select
        lower(trim(campaign_name)) as campaign_name,
        min(campaign_key) as campaign_key
    from campaign_names
    group by lower(trim(campaign_name))
    having count(distinct campaign_key) = 1
),

-- several platforms may have a campaign of one name: then that of the touch's channel is meant
campaigns_by_channel_and_name as (
    select
        lower(trim(campaign_names.campaign_name)) as campaign_name,
        campaigns.channel,
        min(campaign_names.campaign_key) as campaign_key
    from campaign_names
    inner join campaigns
        on campaign_names.campaign_key = campaigns.campaign_key
    group by lower(trim(campaign_names.campaign_name)), campaigns.channel
    having count(distinct campaign_names.campaign_key) = 1
),

matched as (
    select
        touches.touchpoint_key,
        touches.source_system,
        touches.touchpoint_id,
        touches.lead_key,
        leads.account_key,
        coalesce(
            campaigns_by_id.campaign_key,
            campaigns_by_name.campaign_key,
            campaigns_by_channel_and_name.campaign_key
        ) as campaign_key,

        touches.touch_type,
        coalesce(channels.channel, source_channels.channel, 'unknown') as channel,
        touches.source,
        touches.medium,
        touches.campaign,
        touches.content,
        touches.term,
        touches.landing_page,
        touches.referrer,
        case
            when channels.channel is not null then 'given'
            when source_channels.channel is not null then 'lead_source_channels'
            else 'not_listed'
        end as channel_rule,
        case
            when campaigns_by_id.campaign_key is not null then 'campaign_id'
            when campaigns_by_name.campaign_key is not null then 'name'
            when campaigns_by_channel_and_name.campaign_key is not null then 'name'
            else 'none'
        end as campaign_match,

        touches.touched_at
    from touches
    left join leads
        on touches.lead_key = leads.lead_key
    left join channels
        on {{ folded('touches.channel') }} = channels.channel
    left join source_channels
        on {{ folded('touches.source') }} = source_channels.source
    left join campaigns_by_id
        on touches.campaign_id = campaigns_by_id.platform_campaign_id
    left join campaigns_by_name
        on lower(trim(touches.campaign)) = campaigns_by_name.campaign_name
    left join campaigns_by_channel_and_name
        on
            lower(trim(touches.campaign)) = campaigns_by_channel_and_name.campaign_name
            and coalesce(channels.channel, source_channels.channel) = campaigns_by_channel_and_name.channel
),

flagged as (
    select
        matched.*,
        channels.is_paid,
        channels.is_marketing,
        numbered.touch_number
    from matched
    inner join channels
        on matched.channel = channels.channel
    inner join numbered
        on matched.touchpoint_key = numbered.touchpoint_key
)

select * from flagged
