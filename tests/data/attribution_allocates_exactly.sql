-- Every model credits every conversion and takes back what was given back: the weights of each sum to 1, and the parts
-- to its money in both currencies. Nothing disappears.
with

parts as (
    select * from {{ ref('int_attribution_parts') }}
),

entries as (
    select * from {{ ref('int_attribution_entries') }}
),

models as (
    select distinct model from {{ ref('attribution_models') }}
),

allocated as (
    select
        model,
        entry_number,
        sum(attributed_amount) as amount,
        sum(attributed_money) as amount_reporting,
        sum(weight) as weight
    from parts
    group by model, entry_number
)

select
    models.model,
    entries.entry_number
from entries
cross join models
left join allocated
    on models.model = allocated.model and entries.entry_number = allocated.entry_number
where
    allocated.weight is distinct from 1
    or allocated.amount is distinct from entries.amount
    or allocated.amount_reporting is distinct from entries.amount_reporting
