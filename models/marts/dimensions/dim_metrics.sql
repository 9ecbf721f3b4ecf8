with

metrics as (
    select * from {{ ref('metrics') }}
),

final as (
    select
        metric,
        owner_team,
        unit,
        label_en,
        label_id,
        explanation_en,
        explanation_id
    from metrics
)

select * from final
