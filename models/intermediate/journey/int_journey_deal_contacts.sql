-- One row is a deal and a person on it, with the rank by which the first is the primary one:
-- the label of the association, else the first who was touched, else the oldest.
with

links as (
    select * from {{ ref('int_journey_deal_links') }}
),

leads as (
    select * from {{ ref('int_journey_leads') }}
),

touchpoints as (
    select * from {{ ref('int_journey_touchpoints') }}
),

first_touches as (
    select
        lead_key,
        min(touched_at) as first_touched_at
    from touchpoints
    where lead_key is not null
    group by lead_key
),

ranked as (
    select
        links.deal_key,
        links.lead_key,
        links.role,
        links.association_source,
        row_number() over by_deal = 1 as is_primary
    from links
    inner join leads
        on links.lead_key = leads.lead_key
    left join first_touches
        on links.lead_key = first_touches.lead_key
    window by_deal as (
        partition by links.deal_key
        order by
            case when links.is_primary then 0 else 1 end,
            first_touches.first_touched_at nulls last,
            leads.created_at,
            links.lead_key
    )
)

select * from ranked
