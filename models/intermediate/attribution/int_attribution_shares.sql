-- One row is a model as it is evaluated on a shape of paths: by what the shares of its point anchors (those that are a
-- touch) grow, and what each other touch gets. A missing milestone's share, and that of `others` where no touch is left
-- for it, goes to the point anchors that are there, in proportion; without any to `others`, `all` and `decay`. Where
-- nothing is left, or a kind of touch is lacking, the model is not applicable.
with

shapes as (
    select * from {{ ref('int_attribution_shapes') }}
),

anchors as (
    select * from {{ ref('attribution_models') }}
),

placed_anchors as (
    select * from {{ ref('int_attribution_placed_anchors') }}
),

models as (
    select
        model,
        sum(case when anchor = 'others' then share else 0 end) as others_share,
        sum(case when anchor = 'all' then share else 0 end) as all_share,
        sum(case when anchor = 'decay' then share else 0 end) as decay_share
    from anchors
    group by model
),

points as (
    select
        shape_number,
        model,
        sum(case when position > 0 then share else 0 end) as point_share,
        sum(case when position = 0 then share else 0 end) as missing_share,
        max(case when position = 0 and is_limited then 1 else 0 end) as lacks_kind,
        count(distinct case when position > 0 then position end) as anchored_touches
    from placed_anchors
    group by shape_number, model
),

counted as (
    select
        shapes.shape_number,
        models.model,
        shapes.path_length,
        shapes.path_length - coalesce(points.anchored_touches, 0) as other_touches,
        coalesce(points.lacks_kind, 0) as lacks_kind,

        cast(coalesce(points.point_share, 0) as double) as point_share,
        cast(coalesce(points.missing_share, 0) as double) as missing_share,
        cast(models.others_share as double) as others_share,
        cast(models.all_share as double) as all_share,
        cast(models.decay_share as double) as decay_share
    from shapes
    cross join models
    left join points
        on shapes.shape_number = points.shape_number and models.model = points.model
),

homeless as (
    select
        *,
        missing_share + case when other_touches = 0 then others_share else 0 end as homeless_share,
        case when other_touches > 0 then others_share else 0 end + all_share + decay_share as spread_share
    from counted
),

-- by what each of a model's shares grows, so that they sum to 1 again
scaled as (
    select
        *,
        case when point_share > 0 then (point_share + homeless_share) / point_share else 0 end as point_factor,
        case
            when point_share > 0 then 1
            when spread_share > 0 then (spread_share + homeless_share) / spread_share
            else 0
        end as spread_factor
    from homeless
),

shares as (
    select
        shape_number,
        model,
        point_factor,
        case when other_touches > 0 then others_share * spread_factor / other_touches else 0 end as share_of_each_other,
        all_share * spread_factor / path_length as share_of_each,
        decay_share * spread_factor as decay_share,
        lacks_kind = 0 and (point_share > 0 or spread_share > 0) as is_applicable
    from scaled
)

select * from shares
