-- No touch after its conversion, none before the look back's start, none of a person who is not on the path.
with

credit as (
    select * from {{ ref('fct_attribution') }}
    where touchpoint_key is not null
),

conversions as (
    select * from {{ ref('int_attribution_conversions') }}
),

participants as (
    select * from {{ ref('int_attribution_participants') }}
),

leads as (
    select * from {{ ref('dim_leads') }}
),

oldest_creations as (
    select
        participants.conversion_number,
        min(leads.created_at) as created_at
    from participants
    inner join leads
        on participants.lead_key = leads.lead_key
    group by participants.conversion_number
)

select
    credit.model,
    credit.conversion_key,
    credit.touchpoint_key
from credit
inner join conversions
    on credit.conversion_key = conversions.conversion_key
left join oldest_creations
    on conversions.conversion_number = oldest_creations.conversion_number
left join participants
    on conversions.conversion_number = participants.conversion_number and credit.lead_key = participants.lead_key
where
    credit.touched_at > credit.converted_at
    or credit.touched_at < oldest_creations.created_at - conversions.lookback_days * interval '1 day'
    or participants.lead_key is null
