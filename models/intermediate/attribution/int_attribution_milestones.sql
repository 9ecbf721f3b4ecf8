-- One row is a conversion with people: the moments of the oldest of them on which models anchor credit. What comes
-- later in the lifecycle than the conversion, or happened after it, is no part of its path.
with

conversions as (
    select * from {{ ref('int_attribution_conversions') }}
),

participants as (
    select * from {{ ref('int_attribution_participants') }}
),

leads as (
    select * from {{ ref('int_journey_leads') }}
),

lead_stages as (
    select * from {{ ref('int_agreement_lead_stages') }}
),

deals as (
    select * from {{ ref('int_journey_deals') }}
),

by_age as (
    select
        participants.conversion_number,
        leads.lead_key,
        leads.created_at,
        row_number() over in_conversion as age_number
    from participants
    inner join leads
        on participants.lead_key = leads.lead_key
    window in_conversion as (
        partition by participants.conversion_number order by leads.created_at, leads.lead_key
    )
),

milestones as (
    select
        conversions.conversion_number,
        by_age.created_at as lead_created_at,
        case
            when conversions.conversion_type != 'lead' and lead_stages.mql_at <= conversions.converted_at
            then lead_stages.mql_at
        end as mql_at,
        case
            when
                conversions.conversion_type not in ('lead', 'mql')
                and lead_stages.sql_at <= conversions.converted_at
            then lead_stages.sql_at
        end as sql_at,
        case when deals.created_at <= conversions.converted_at then deals.created_at end as opportunity_created_at
    from conversions
    inner join by_age
        on conversions.conversion_number = by_age.conversion_number and by_age.age_number = 1
    left join lead_stages
        on by_age.lead_key = lead_stages.lead_key
    left join deals
        on conversions.deal_key = deals.deal_key
)

select * from milestones
