-- One row is a stage as deals and their histories name it, with the phase of a deal that it belongs to: by its name,
-- else by its name without the pipeline that some CRMs write behind it in brackets. Null where nobody knows.
with

deal_phases as (
    select * from {{ ref('deal_phases') }}
),

names as (
    select stage
    from {{ ref('int_canonical_deals') }}
    where stage is not null
    union
    select stage
    from {{ ref('int_canonical_deal_stage_history') }}
    where stage is not null
),

phased as (
    select
        names.stage,
        coalesce(by_name.deal_phase, by_bare_name.deal_phase) as deal_phase
    from names
    left join deal_phases as by_name
        on {{ folded('names.stage') }} = by_name.stage
    left join deal_phases as by_bare_name
        on {{ folded(without_brackets('names.stage')) }} = by_bare_name.stage
)

select * from phased
