-- Written once, with the publication.
{{ config(materialized='view') }}

with

credit as (
    select * from {{ ref('int_attribution_credit') }}
),

final as (
    select
        model,
        is_agreed_model,
        conversion_type,
        conversion_key,
        deal_key,
        order_key,
        lead_key,
        account_key,

        converted_at,
        entry_type,
        is_standing,
        booked_at,
        touchpoint_key,
        touched_at,
        cast(position as bigint) as position,
        cast(path_length as bigint) as path_length,
        channel,
        campaign_key,
        rule as credit_rule,

        cast(weight as double) as weight,
        attributed_amount,
        currency,
        case when conversion_type in ('won', 'order') then attributed_money end as attributed_revenue,
        case when conversion_type = 'opportunity' then attributed_money end as attributed_pipeline
    from credit
)

select * from final
