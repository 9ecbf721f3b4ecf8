-- One row is a model, a conversion and a touch with its weight: the sum of the shares of the anchors that fall on it.
-- Weights are rounded to 12 decimals and what is left of 1 goes to the largest (ties: the first in path order), so that
-- they sum to 1 exactly; from here on nothing is a double.
with

models as (
    select * from {{ ref('attribution_models') }}
),

paths as (
    select * from {{ ref('int_attribution_paths') }}
),

shares as (
    select
        models.model,
        paths.conversion_key,
        paths.touchpoint_key,
        paths.position,
        sum(
            case
                when models.anchor = 'first' and paths.position = 1 then cast(models.share as double)
                when models.anchor = 'last' and paths.position = paths.path_length then cast(models.share as double)
                when models.anchor = 'all' then cast(models.share as double) / cast(paths.path_length as double)
                else cast(0 as double)
            end
        ) as share
    from paths
    cross join models
    group by models.model, paths.conversion_key, paths.touchpoint_key, paths.position
),

-- in units of 1e-12
rounded as (
    select
        model,
        conversion_key,
        touchpoint_key,
        position,
        cast(floor(share * 1000000000000 + 0.5) as bigint) as units
    from shares
),

ranked as (
    select
        model,
        conversion_key,
        touchpoint_key,
        position,
        units,
        sum(units) over in_conversion as units_given,
        row_number() over by_size as size_number
    from rounded
    window
        in_conversion as (partition by model, conversion_key),
        by_size as (partition by model, conversion_key order by units desc, position)
),

completed as (
    select
        model,
        conversion_key,
        touchpoint_key,
        cast(
            cast(
                units + case when size_number = 1 then 1000000000000 - units_given else 0 end as decimal(19, 0)
            ) * cast(0.000000000001 as decimal(13, 12)) as decimal(13, 12)
        ) as weight
    from ranked
)

select * from completed
where weight != 0
