-- One row is a model, an entry of a conversion and a touch (or none) with its part of it: its weight, and of the money
-- so much, null where there is none.
{{ config(materialized='view') }}

with

allocations as (
    select * from {{ ref('int_attribution_allocations') }}
),

shape_weights as (
    select * from {{ ref('int_attribution_shape_weights') }}
),

parts as (
    select
        shape_weights.model,
        allocations.entry_number,
        allocations.touch_number,
        shape_weights.position,
        shape_weights.path_length,
        shape_weights.rule,
        coalesce(allocations.decayed_weight, shape_weights.weight) as weight,
        allocations.attributed_amount,
        allocations.attributed_money
    from allocations
    inner join shape_weights
        on allocations.shape_weight_number = shape_weights.shape_weight_number
)

select * from parts
