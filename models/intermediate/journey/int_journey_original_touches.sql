-- One row is a person with its original touch: the first from the start of the lookback window to the creation.
with

leads as (
    select * from {{ ref('int_journey_leads') }}
),

touchpoints as (
    select * from {{ ref('int_journey_touchpoints') }}
),

terms as (
    select * from {{ ref('int_agreement_terms') }}
),

eligible as (
    select
        leads.lead_key,
        touchpoints.touchpoint_key,
        touchpoints.channel,
        touchpoints.campaign_key,
        touchpoints.is_paid,
        touchpoints.is_marketing,
        row_number() over by_lead as touch_number
    from leads
    inner join terms
        on leads.created_at >= terms.starts_at and leads.created_at < terms.ends_at
    inner join touchpoints
        on
            leads.lead_key = touchpoints.lead_key
            and touchpoints.touched_at >= leads.created_at - terms.lookback_days * interval '1 day'
            and touchpoints.touched_at <= leads.created_at
    window by_lead as (partition by leads.lead_key order by touchpoints.touched_at, touchpoints.touchpoint_key)
),

original_touches as (
    select
        lead_key,
        touchpoint_key,
        channel,
        campaign_key,
        is_paid,
        is_marketing
    from eligible
    where touch_number = 1
)

select * from original_touches
