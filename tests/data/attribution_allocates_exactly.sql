-- For every model the parts of a conversion's money sum to the money, in both currencies, and the weights to 1.
with

credit as (
    select * from {{ ref('int_attribution_parts') }}
),

conversions as (
    select * from {{ ref('int_attribution_conversions') }}
),

allocated as (
    select
        model,
        conversion_number,
        sum(attributed_amount) as amount,
        sum(attributed_money) as amount_reporting,
        sum(weight) as weight
    from credit
    group by model, conversion_number
)

select
    allocated.model,
    conversions.conversion_number
from conversions
inner join allocated
    on conversions.conversion_number = allocated.conversion_number
where
    allocated.weight != 1
    or allocated.amount is distinct from conversions.amount
    or allocated.amount_reporting is distinct from conversions.amount_reporting
