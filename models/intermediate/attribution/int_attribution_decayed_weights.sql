-- One row is a model with a `decay` share, a conversion and a touch on its path with its weight. A touch's part halves
-- with each half-life that it lies before the path's last one, by the term in force; the parts are whole numbers of
-- 1e-12, so that their sum has no order.
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

last_touches as (
    select
        conversion_number,
        touched_at
    from paths
    where position = path_length
),

halved as (
    select
        paths.conversion_number,
        paths.touch_number,
        paths.position,
        cast(floor(
            power(
                cast(2 as double),
                -{{ micros_between('paths.touched_at', 'last_touches.touched_at') }} / cast(86400000000 as double)
                / conversions.half_life_days
            ) * 1000000000000 + 0.5
        ) as bigint) as decay_units
    from paths
    inner join last_touches
        on paths.conversion_number = last_touches.conversion_number
    inner join conversions
        on paths.conversion_number = conversions.conversion_number
),

in_proportion as (
    select
        *,
        cast(decay_units as double) / cast(sum(decay_units) over in_conversion as double) as decay
    from halved
    window in_conversion as (partition by conversion_number)
),

rounded as (
    select
        shape_weights.model,
        in_proportion.conversion_number,
        in_proportion.touch_number,
        in_proportion.position,
        shape_weights.shape_weight_number,
        cast(floor(
            (shape_weights.fixed_share + shape_weights.decay_share * in_proportion.decay) * 1000000000000 + 0.5
        ) as bigint) as units
    from in_proportion
    inner join path_shapes
        on in_proportion.conversion_number = path_shapes.conversion_number
    inner join shape_weights
        on path_shapes.shape_number = shape_weights.shape_number and in_proportion.position = shape_weights.position
    where shape_weights.weight is null
),

ranked as (
    select
        *,
        sum(units) over in_conversion as units_given,
        row_number() over by_size as size_number
    from rounded
    window
        in_conversion as (partition by model, conversion_number),
        by_size as (partition by model, conversion_number order by units desc, position)
),

weights as (
    select
        model,
        conversion_number,
        touch_number,
        position,
        shape_weight_number,
        {{ weight_of('units', 'units_given', 'size_number') }} as weight
    from ranked
)

select * from weights
