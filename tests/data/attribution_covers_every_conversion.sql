-- Every model credits every conversion: nothing disappears.
with

credit as (
    select * from {{ ref('int_attribution_credit') }}
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
        conversions.conversion_key
    from conversions
    cross join models
),

credited as (
    select distinct
        model,
        conversion_key
    from credit
)

select
    expected.model,
    expected.conversion_key
from expected
left join credited
    on expected.model = credited.model and expected.conversion_key = credited.conversion_key
where credited.conversion_key is null
