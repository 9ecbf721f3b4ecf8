-- Written once, with the publication.
{{ config(materialized='view') }}

with

credit as (
    select * from {{ ref('int_attribution_credit') }}
),

initiatives as (
    select * from {{ ref('int_spend_initiatives') }}
),

final as (
    select
        credit.booked_at,
        credit.entry_type,
        credit.deal_key,
        credit.order_key,
        credit.lead_key,
        credit.account_key,
        credit.touchpoint_key,
        credit.touched_at,
        credit.channel,
        credit.campaign_key,
        initiatives.initiative,

        cast(credit.weight as double) as weight,
        credit.attributed_amount,
        credit.currency,
        credit.attributed_money as attributed_revenue
    from credit
    left join initiatives
        on credit.campaign_key = initiatives.campaign_key
    where credit.is_agreed_model and credit.conversion_type in ('won', 'order')
)

select * from final
