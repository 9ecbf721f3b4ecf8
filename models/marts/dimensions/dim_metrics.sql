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
        explanation_id,
        metric_group,
        better_when,
        position,
        metric not in (
            {{ metrics_not_computed() }}
        ) as is_computed
    from metrics
)

select * from final
