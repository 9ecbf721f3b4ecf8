-- Every model credits every conversion, and takes back what was given back: nothing disappears.
with

credit as (
    select * from {{ ref('int_attribution_parts') }}
),

entries as (
    select * from {{ ref('int_attribution_entries') }}
),

models as (
    select distinct model from {{ ref('attribution_models') }}
),

expected as (
    select
        models.model,
        entries.entry_number
    from entries
    cross join models
),

credited as (
    select distinct
        model,
        entry_number
    from credit
)

select
    expected.model,
    expected.entry_number
from expected
left join credited
    on expected.model = credited.model and expected.entry_number = credited.entry_number
where credited.entry_number is null
