-- One row is a touch with the values by which what the models credit may be compared.
with

touchpoints as (
    select * from {{ ref('int_journey_touchpoints') }}
),

campaigns as (
    select * from {{ ref('int_spend_campaigns') }}
),

touch_values as (
    select
        touchpoints.touch_number,
        touchpoints.channel,
        nullif(coalesce(campaigns.campaign_name, touchpoints.campaign), '') as campaign,
        nullif(touchpoints.source, '') as source,
        nullif(touchpoints.medium, '') as medium,
        nullif(touchpoints.content, '') as content,
        nullif(touchpoints.term, '') as term,
        touchpoints.referrer,
        nullif({{ known_parameters('touchpoints.landing_page') }}, '') as landing_page
    from touchpoints
    left join campaigns
        on touchpoints.campaign_key = campaigns.campaign_key
)

select * from touch_values
