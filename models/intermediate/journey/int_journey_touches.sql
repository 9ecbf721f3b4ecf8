-- One row is a moment at which marketing met somebody, known or not, with its channel and its campaign, and the rule
-- that chose each. What follows from the same as before stays.
{{ config(materialized='incremental', meta={'stamp': 'touch_hash', 'stamps_of': 'int_journey_stamped_arrivals'}) }}

with

arrivals as (
    select * from {{ ref('int_journey_stamped_arrivals') }}
    {% if carries_on() %}
    where touch_hash not in (select touch_hash from {{ this }})
    {% endif %}
),

ways as (
    select * from {{ ref('int_journey_channels') }}
),

channels as (
    select * from {{ ref('channels') }}
),

source_channels as (
    select * from {{ ref('lead_source_channels') }}
),

campaigns as (
    select * from {{ ref('int_spend_campaigns') }}
),

names as (
    select * from {{ ref('int_journey_campaign_names') }}
),

-- what somebody's CRM calls an origin is looked up as such; what has a medium speaks as tags do
placed as (
    select
        arrivals.*,
        {{ origin_of('arrivals.campaign') }} as campaign_name,
        coalesce(
            channels.channel,
            case when arrivals.touch_type != 'session' and arrivals.medium is null then source_channels.channel end,
            ways.channel,
            case when arrivals.touch_type != 'session' then source_channels.channel end
        ) as channel_by_rule,
        case
            when channels.channel is not null then 'given'
            when
                source_channels.channel is not null
                and arrivals.touch_type != 'session'
                and (arrivals.medium is null or ways.channel is null)
            then 'lead_source_channels'
            else ways.rule
        end as rule
    from arrivals
    left join channels
        on {{ folded('arrivals.channel') }} = channels.channel
    left join source_channels
        on {{ folded('arrivals.source') }} = source_channels.source
    left join ways
        on
            arrivals.touch_type = ways.touch_type
            and {{ origin_of('arrivals.source') }} = ways.source
            and {{ origin_of('arrivals.medium') }} = ways.medium
            and {{ origin_of('arrivals.campaign') }} = ways.campaign
),

matched as (
    select
        placed.*,
        coalesce(
            placed.click_campaign_key,
            by_id.campaign_key,
            by_tagged_id.campaign_key,
            by_name.campaign_key,
            by_channel_and_name.campaign_key,
            by_alias.campaign_key
        ) as campaign_key,
        case
            when placed.click_campaign_key is not null then 'click_id'
            when by_id.campaign_key is not null or by_tagged_id.campaign_key is not null then 'campaign_id'
            when by_name.campaign_key is not null or by_channel_and_name.campaign_key is not null then 'name'
            when by_alias.campaign_key is not null then 'alias'
            else 'none'
        end as campaign_match
    from placed
    left join names as by_id
        on by_id.campaign_match = 'campaign_id' and placed.campaign_id = by_id.name
    left join names as by_tagged_id
        on by_tagged_id.campaign_match = 'campaign_id' and placed.campaign = by_tagged_id.name
    left join names as by_name
        on by_name.campaign_match = 'name' and by_name.channel is null and placed.campaign_name = by_name.name
    left join names as by_channel_and_name
        on
            by_channel_and_name.campaign_match = 'name'
            and placed.campaign_name = by_channel_and_name.name
            and placed.channel_by_rule = by_channel_and_name.channel
    left join names as by_alias
        on by_alias.campaign_match = 'alias' and placed.campaign_name = by_alias.name
),

located as (
    select
        matched.touchpoint_key,
        matched.source_system,
        matched.touchpoint_id,
        matched.lead_key,
        matched.campaign_key,
        matched.click_id,
        matched.click_id_type,

        matched.touch_type,
        case
            when matched.is_told_by_campaign then coalesce(campaigns.channel, matched.channel_by_rule, 'unknown')
            else coalesce(matched.channel_by_rule, 'unknown')
        end as channel,
        matched.source,
        matched.medium,
        matched.campaign,
        matched.content,
        matched.term,
        matched.landing_page,
        matched.referrer,
        case
            when matched.is_told_by_campaign and campaigns.channel is not null then 'campaign'
            else coalesce(matched.rule, 'not_listed')
        end as channel_rule,
        matched.campaign_match,

        matched.touched_at,
        matched.touch_hash
    from matched
    left join campaigns
        on matched.campaign_key = campaigns.campaign_key
)

select * from located
