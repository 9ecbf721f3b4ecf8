with

activities as (
    select * from {{ ref('int_journey_activities') }}
),

final as (
    select
        activity_key,
        lead_key,
        deal_key,

        occurred_at,
        activity_type,
        direction,
        outcome,
        is_automatic,
        owner_name,

        is_follow_up,
        source_system
    from activities
)

select * from final
