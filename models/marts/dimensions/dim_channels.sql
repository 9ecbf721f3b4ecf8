with

channels as (
    select * from {{ ref('channels') }}
),

final as (
    select
        channel,
        channel_group,
        is_paid,
        is_marketing,
        label_en,
        label_id
    from channels
)

select * from final
