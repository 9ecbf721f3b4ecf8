-- Every model credits every conversion: nothing disappears.
with

credit as (
    select * from {{ ref('int_attribution_parts') }}
),

conversions as (
    select * from {{ ref('int_attribution_conversions') }}
),

models as (
    select distinct model from {{ ref('attribution_models') }}
),

expected as (
    select
        models.model,
        conversions.conversion_number
    from conversions
    cross join models
),

credited as (
    select distinct
        model,
        conversion_number
    from credit
)

select
    expected.model,
    expected.conversion_number
from expected
left join credited
    on expected.model = credited.model and expected.conversion_number = credited.conversion_number
where credited.conversion_number is null
