-- One row is a model, a conversion and a touch on its path with its weight: the sum of the shares of the anchors that
-- fall on it. Weights are rounded to 12 decimals and what is left of 1 goes to the largest (ties: the first in
-- path order), so that they sum to 1 exactly; from here on nothing is a double. A conversion without a path has one
-- row, of no touch, with all of it.
{{ config(materialized='view') }}

with

anchors as (
    select * from {{ ref('attribution_models') }}
),

conversions as (
    select * from {{ ref('int_attribution_conversions') }}
),

paths as (
    select * from {{ ref('int_attribution_paths') }}
),

models as (
    select
        model,
        cast(coalesce(sum(case when anchor = 'first' then share end), 0) as double) as first_share,
        cast(coalesce(sum(case when anchor = 'last' then share end), 0) as double) as last_share,
        cast(coalesce(sum(case when anchor = 'all' then share end), 0) as double) as shared_by_all
    from anchors
    group by model
),

shares as (
    select
        models.model,
        paths.conversion_number,
        paths.touch_number,
        paths.position,
        paths.path_length,
        case when paths.position = 1 then models.first_share else cast(0 as double) end
        + case when paths.position = paths.path_length then models.last_share else cast(0 as double) end
        + models.shared_by_all / cast(paths.path_length as double) as share
    from paths
    cross join models
),

-- in units of 1e-12
rounded as (
    select
        model,
        conversion_number,
        touch_number,
        position,
        path_length,
        cast(floor(share * 1000000000000 + 0.5) as bigint) as units
    from shares
    where share != 0
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

touched as (
    select
        model,
        conversion_number,
        touch_number,
        position,
        path_length,
        cast(
            cast(
                units + case when size_number = 1 then 1000000000000 - units_given else 0 end as decimal(19, 0)
            ) * cast(0.000000000001 as decimal(13, 12)) as decimal(13, 12)
        ) as weight
    from ranked
),

untouched as (
    select
        models.model,
        conversions.conversion_number,
        cast(null as bigint) as touch_number,
        cast(null as bigint) as position,
        0 as path_length,
        cast(1 as decimal(13, 12)) as weight
    from conversions
    cross join models
    left join paths
        on conversions.conversion_number = paths.conversion_number and paths.position = 1
    where paths.conversion_number is null
),

weights as (
    select * from touched
    where weight != 0
    union all
    select * from untouched
)

select * from weights
