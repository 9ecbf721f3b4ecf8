with

deal_contacts as (
    select * from {{ ref('int_journey_deal_contacts') }}
),

final as (
    select
        deal_key,
        lead_key,
        role,
        association_source
    from deal_contacts
)

select * from final
