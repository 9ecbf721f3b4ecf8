with

credit_by_value as (
    select * from {{ ref('int_metrics_credit_by_value') }}
),

influence_by_value as (
    select * from {{ ref('int_metrics_influence_by_value') }}
),

anchors as (
    select * from {{ ref('attribution_models') }}
),

models as (
    select distinct model
    from anchors
),

credited_values as (
    select distinct
        month_start_date,
        dimension,
        dimension_value
    from credit_by_value
),

-- what a model credits with nothing has its row as well, so that the models can be compared
completed as (
    select
        credited_values.month_start_date,
        credited_values.dimension,
        credited_values.dimension_value,
        models.model,
        coalesce(credit_by_value.attributed_deals, 0) as attributed_deals,
        cast(coalesce(credit_by_value.attributed_revenue, 0) as decimal(18, 2)) as attributed_revenue
    from credited_values
    cross join models
    left join credit_by_value
        on
            credited_values.month_start_date = credit_by_value.month_start_date
            and credited_values.dimension = credit_by_value.dimension
            and coalesce(credited_values.dimension_value, '') = coalesce(credit_by_value.dimension_value, '')
            and models.model = credit_by_value.model
),

compared as (
    select
        *,
        min(attributed_revenue) over by_value as lowest_revenue,
        max(attributed_revenue) over by_value as highest_revenue
    from completed
    window by_value as (partition by month_start_date, dimension, dimension_value)
),

final as (
    select
        compared.month_start_date,
        compared.dimension,
        compared.dimension_value,
        compared.model,

        compared.attributed_deals,
        compared.attributed_revenue,
        compared.lowest_revenue,
        compared.highest_revenue,
        influence_by_value.influenced_revenue
    from compared
    left join influence_by_value
        on
            compared.month_start_date = influence_by_value.month_start_date
            and compared.dimension = influence_by_value.dimension
            and compared.dimension_value = influence_by_value.dimension_value
)

select * from final
