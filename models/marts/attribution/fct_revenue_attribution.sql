-- Written once, with the publication.
{{ config(materialized='view') }}

with

credit as (
    select * from {{ ref('int_attribution_credit') }}
),

final as (
    select
        converted_at as booked_at,
        deal_key,
        cast(null as string) as order_key,
        lead_key,
        account_key,
        touchpoint_key,
        touched_at,
        channel,
        campaign_key,
        cast(null as string) as initiative,

        cast(weight as double) as weight,
        attributed_amount,
        currency,
        attributed_money as attributed_revenue
    from credit
    where is_agreed_model and conversion_type = 'won'
)

select * from final
