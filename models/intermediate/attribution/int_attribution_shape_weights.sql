-- One row is a shape of paths, a model and the place of a touch that it gives anything, with the weight and the rule
-- that gave it. Weights are rounded to 12 decimals and what is left of 1 goes to the largest (ties: the first in path
-- order), so that they sum to 1 exactly; from here on nothing is a double. Where a model has a `decay` share, the
-- weight waits for the touches' times and is null. Of no touch, the path of length 0, each model gives all to nobody.
-- The many rows of the credit know one by its number.
with

anchors as (
    select * from {{ ref('attribution_models') }}
),

shapes as (
    select * from {{ ref('int_attribution_shapes') }}
),

placed_anchors as (
    select * from {{ ref('int_attribution_placed_anchors') }}
),

shares as (
    select * from {{ ref('int_attribution_shares') }}
),

evaluated_models as (
    select * from {{ ref('int_attribution_evaluated_models') }}
),

touches as (
    select
        shape_number,
        path_length,
        {{ counting('path_length') }} as position
    from shapes
),

anchored as (
    select
        shape_number,
        model,
        position,
        cast(sum(share) as double) as anchor_share,
        {{ join_rows('anchor', ', ') }} as anchors
    from placed_anchors
    where position > 0
    group by shape_number, model, position
),

shared as (
    select
        evaluated_models.shape_number,
        evaluated_models.model,
        evaluated_models.evaluated_model,
        touches.position,
        touches.path_length,
        anchored.anchors,
        case when anchored.position is null then shares.share_of_each_other else 0 end as other_share,
        coalesce(shares.share_of_each, 1 / cast(touches.path_length as double)) as equal_share,
        coalesce(shares.decay_share, 0) as decay_share,
        coalesce(anchored.anchor_share * shares.point_factor, 0) as anchor_share
    from evaluated_models
    inner join touches
        on evaluated_models.shape_number = touches.shape_number
    left join shares
        on evaluated_models.shape_number = shares.shape_number and evaluated_models.evaluated_model = shares.model
    left join anchored
        on
            evaluated_models.shape_number = anchored.shape_number
            and evaluated_models.evaluated_model = anchored.model
            and touches.position = anchored.position
),

-- in units of 1e-12
rounded as (
    select
        shape_number,
        model,
        position,
        path_length,
        case when evaluated_model = model then '' else coalesce(evaluated_model, 'linear') || ': ' end
        || concat_ws(
            ', ',
            anchors,
            case when other_share > 0 then 'others' end,
            case when equal_share > 0 then 'all' end,
            case when decay_share > 0 then 'decay' end
        ) as rule,
        anchor_share + coalesce(other_share, 0) + equal_share as fixed_share,
        decay_share,
        cast(
            floor((anchor_share + coalesce(other_share, 0) + equal_share) * 1000000000000 + 0.5) as bigint
        ) as units
    from shared
    where anchor_share + coalesce(other_share, 0) + equal_share + decay_share > 0
),

ranked as (
    select
        *,
        sum(units) over in_shape as units_given,
        row_number() over by_size as size_number,
        row_number() over in_order as shape_weight_number
    from rounded
    window
        in_shape as (partition by shape_number, model),
        by_size as (partition by shape_number, model order by units desc, position),
        in_order as (order by shape_number, model, position)
),

models as (
    select distinct model
    from anchors
),

weights as (
    select
        shape_weight_number,
        shape_number,
        model,
        position,
        path_length,
        rule,
        fixed_share,
        decay_share,
        case when decay_share = 0 then {{ weight_of('units', 'units_given', 'size_number') }} end as weight
    from ranked
    union all
    select
        -row_number() over (order by model) as shape_weight_number,
        cast(null as bigint) as shape_number,
        model,
        cast(null as bigint) as position,
        0 as path_length,
        'no touch' as rule,
        cast(1 as double) as fixed_share,
        cast(0 as double) as decay_share,
        cast(1 as decimal(13, 12)) as weight
    from models
)

select * from weights
