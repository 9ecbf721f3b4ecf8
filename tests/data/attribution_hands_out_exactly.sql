-- For every model the parts of a conversion's money sum to the money, in both currencies, and the weights to 1.
with

credit as (
    select * from {{ ref('int_attribution_parts') }}
),

conversions as (
    select * from {{ ref('int_attribution_conversions') }}
),

handed_out as (
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
    handed_out.model,
    conversions.conversion_number
from conversions
inner join handed_out
    on conversions.conversion_number = handed_out.conversion_number
where
    handed_out.weight != 1
    or handed_out.amount is distinct from conversions.amount
    or handed_out.amount_reporting is distinct from conversions.amount_reporting
