-- One row is a model, a conversion and a touch on its path with its weight, which is that of its shape or decays. A
-- conversion without a path has one row, of no touch, with all of it.
{{ config(materialized='view') }}

with

conversions as (
    select * from {{ ref('int_attribution_conversions') }}
),

paths as (
    select * from {{ ref('int_attribution_paths') }}
),

path_shapes as (
    select * from {{ ref('int_attribution_path_shapes') }}
),

shape_weights as (
    select * from {{ ref('int_attribution_shape_weights') }}
),

decayed_weights as (
    select * from {{ ref('int_attribution_decayed_weights') }}
),

by_shape as (
    select
        shape_weights.model,
        paths.conversion_number,
        paths.touch_number,
        paths.position,
        shape_weights.shape_weight_number,
        cast(null as decimal(13, 12)) as decayed_weight,
        shape_weights.weight
    from paths
    inner join path_shapes
        on paths.conversion_number = path_shapes.conversion_number
    inner join shape_weights
        on path_shapes.shape_number = shape_weights.shape_number and paths.position = shape_weights.position
    where shape_weights.weight > 0
),

untouched as (
    select
        shape_weights.model,
        conversions.conversion_number,
        cast(null as bigint) as touch_number,
        shape_weights.position,
        shape_weights.shape_weight_number,
        cast(null as decimal(13, 12)) as decayed_weight,
        shape_weights.weight
    from conversions
    inner join shape_weights
        on shape_weights.path_length = 0
    left join path_shapes
        on conversions.conversion_number = path_shapes.conversion_number
    where path_shapes.conversion_number is null
),

weights as (
    select * from by_shape
    union all
    select
        model,
        conversion_number,
        touch_number,
        position,
        shape_weight_number,
        weight as decayed_weight,
        weight
    from decayed_weights
    where weight > 0
    union all
    select * from untouched
)

select * from weights
