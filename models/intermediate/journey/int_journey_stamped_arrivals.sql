-- One row is an arrival with the campaign of its click, and a stamp of all that its channel and its campaign follow
-- from: itself, its click's campaign, and what campaigns are called by now.
{{ config(materialized='view') }}

with

arrivals as (
    select * from {{ ref('int_journey_arrivals') }}
),

campaigns as (
    select * from {{ ref('int_spend_campaigns') }}
),

names as (
    select * from {{ ref('int_journey_campaign_names') }}
),

-- a platform may know a click twice, never of two campaigns
campaigns_by_click as (
    select
        ad_clicks.click_id,
        min(campaigns.campaign_key) as campaign_key
    from {{ ref('int_canonical_ad_clicks') }} as ad_clicks
    inner join campaigns
        on
            ad_clicks.source_system = campaigns.platform
            and ad_clicks.campaign_id = campaigns.platform_campaign_id
    group by ad_clicks.click_id
),

names_by_now as (
    select bit_xor({{ row_hash(['name', 'channel', 'campaign_match', 'campaign_key']) }}) as names_hash
    from names
),

campaigns_by_now as (
    select bit_xor({{ row_hash(['campaign_key', 'channel']) }}) as campaigns_hash
    from campaigns
),

stamped as (
    select
        arrivals.*,
        campaigns_by_click.campaign_key as click_campaign_key,
        {{
            row_hash([
                'arrivals.arrival_hash', 'campaigns_by_click.campaign_key', 'names_by_now.names_hash',
                'campaigns_by_now.campaigns_hash'
            ])
        }} as touch_hash
    from arrivals
    cross join names_by_now
    cross join campaigns_by_now
    left join campaigns_by_click
        on arrivals.click_id = campaigns_by_click.click_id
)

select * from stamped
